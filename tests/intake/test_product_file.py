"""What a product file says about stock and prices."""

from pathlib import Path

import pytest

from bot.casework.money import Money
from bot.casework.products import Product
from bot.intake.bad_rows import BadRow
from bot.intake.delimited import UnreadableFile
from bot.intake.product_file import open_product_file


def read(folder: Path, text: str) -> list[Product | BadRow]:
    """All that a product file with that content holds."""
    path = folder / "products.csv"
    path.write_text(text)
    with open_product_file(path) as file:
        return list(file.products())


def test_stock_may_be_none_or_not_known(tmp_path: Path) -> None:
    """
    No pieces left is a fact, an empty cell is none.
    """
    products = read(tmp_path, "sku;title;variant;stock\nA;Mug;blue;7\nB;Lamp;;0\nC;Rug;round;\n")

    assert products == [
        Product(sku="A", title="Mug", variant="blue", stock=7),
        Product(sku="B", title="Lamp", stock=0),
        Product(sku="C", title="Rug", variant="round", stock=None),
    ]


def test_a_price_may_be_named_with_its_currency(tmp_path: Path) -> None:
    """
    Both columns may be missing, and a product may have none; a price of nothing is one.
    """
    products = read(
        tmp_path,
        "sku,title,stock,price,currency\nA,Mug,7,14.90,EUR\nB,Lamp,1,,\nC,Cup,1,,EUR\n"
        "D,Pot,1,2400,JPY\nE,Gift,1,0,EUR\n",
    )

    assert [product.price for product in products if isinstance(product, Product)] == [
        Money(1490, "EUR"),
        None,
        None,
        Money(2400, "JPY"),
        Money(0, "EUR"),
    ]


def test_a_price_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    """
    Without a currency it is no amount, and nothing is guessed.
    """
    items = read(
        tmp_path,
        "sku,title,stock,price,currency\nA,Mug,7,14.90,\nB,Mug,7,14.999,EUR\nC,Mug,7,-1,EUR\n"
        "D,Mug,7,1,EURO\n",
    )

    assert [str(item) for item in items] == [
        "line 2, currency: is empty",
        "line 3, price: '14.999' may be thousands or decimals, write 1234 or 1.23",
        "line 4, price: '-1' is not an amount such as 12.50",
        "line 5, currency: 'EURO' is not a currency code such as EUR",
    ]


def test_bad_rows_are_told_and_the_others_read(tmp_path: Path) -> None:
    """
    A product that is named twice has one stock only: the first.
    """
    items = read(tmp_path, 'sku,title,stock\nA,Mug,-1\nB,,3\nC,Rug,5\nC,Rug,9\nD,"Cup,1\nE,Pot,2\n')

    assert [str(item) for item in items if isinstance(item, BadRow)] == [
        "line 2, stock: '-1' is not a whole number from 0 to 100000000",
        "line 3, title: is empty",
        "line 5, sku: 'C' stands in line 4 already",
        "line 6: a quote is opened and not closed",
    ]
    assert [item.sku for item in items if isinstance(item, Product)] == ["C", "E"]


def test_a_file_without_stock_is_no_product_file(tmp_path: Path) -> None:
    """
    An order file, say.
    """
    with pytest.raises(UnreadableFile, match="lacks the column stock"):
        read(tmp_path, "sku,title\nA,Mug\n")
