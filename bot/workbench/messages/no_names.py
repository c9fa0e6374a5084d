"""Words with a capital letter where a name could stand, in lower case, that are nobody's name."""

from typing import Final

_WORDS = """
a about again all also although am amazing an and angry annoyed another any anybody anyone are
arrived as ask at bad be because best better broke but by came can can't cannot come could dear
delivered did didn't disappointed do does don't every everybody everyone excellent false finally
first for from get give good goodbye great had has have he hello help her here hey hi his hope
hoping how however i i'm i've if in incorrect is it its just kind kindly left let looking lost love
many may maybe me missing more my need never new next no nobody none not nothing now of off ok okay
on once one only or order ordered our out paid please pls put quick received refused regarding
regards reply rude said same say says send sent several she should since so some somebody someone
sorry still such tell terrible thank thanks that the their them then there these they this those to
today tomorrow took unacceptable under unhappy until upset us very waiting want was wasn't we well
were what when where which while who why will wish with within won't would wrong yes yesterday yet
you your yours
"""
_PEOPLE = """
account agent agents answer assistant billing bot box buyer call care chat company consumer courier
customer customers department driver email executive express folk folks friend friends gentlemen
guys head helpdesk item ladies letter logistics madam mail management manager member message number
office online operator parcel people person post product refund refunds representative reps
response returns sales seller sellers service services shipment shop shopper sir sirs staff store
supervisor supplier support team vendor warehouse
dr miss mr mrs ms mx prof
"""
_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
christmas easter
american british chinese english european french german indian russian
"""
_BUSINESSES = """
adidas alibaba aliexpress amazon apple aramex argos asos barbie barclays bluedart correos delhivery
dhl disney dpd dyson ebay ecom ekart etsy evri facebook fedex flipkart fresh gls google hdfc hermes
ikea instagram joom klarna lazada lego mastercard microsoft myntra nike nintendo ozon parcelforce
paypal playstation postnl revolut royal samsung shein shopee shopify sony stripe temu tiktok ups
usps visa walmart whatsapp wildberries xbox yandex yodel zalando
авито алиэкспресс амазон боксберри вайлдберис вайлдберриз валберис вб деливери лабиринт ламода
мегамаркет озон пэк сдэк яндекс
"""
"""Marketplaces, carriers, banks and makers that buyers greet and speak with."""
_BEHIND_A_TITLE = "bean beats clean coffee dior dre martens muscle oetker pepper potato proper"
"""Miss Dior, Dr. Martens, Mr. Coffee."""

NO_NAMES: Final = frozenset(
    " ".join((_WORDS, _PEOPLE, _CALENDAR, _BUSINESSES, _BEHIND_A_TITLE)).split()
)
