"""The table of playbooks: which intent begins which written procedure."""

from bot.playbooks.cancel_order import CANCEL_ORDER
from bot.playbooks.change_address import CHANGE_ADDRESS
from bot.playbooks.change_item import CHANGE_ITEM
from bot.playbooks.complaint import COMPLAINT
from bot.playbooks.counterfeit_item import COUNTERFEIT_ITEM
from bot.playbooks.damaged_item import DAMAGED_ITEM
from bot.playbooks.defective_item import DEFECTIVE_ITEM
from bot.playbooks.discount_request import DISCOUNT_REQUEST
from bot.playbooks.exchange_item import EXCHANGE_ITEM
from bot.playbooks.late_delivery import LATE_DELIVERY
from bot.playbooks.missing_item import MISSING_ITEM
from bot.playbooks.not_as_described import NOT_AS_DESCRIBED
from bot.playbooks.not_received import NOT_RECEIVED
from bot.playbooks.order_questions import ORDER_QUESTIONS
from bot.playbooks.payment_problem import PAYMENT_PROBLEM
from bot.playbooks.playbook import Playbook
from bot.playbooks.refund_request import REFUND_REQUEST
from bot.playbooks.refund_status import REFUND_STATUS
from bot.playbooks.refuse_delivery import REFUSE_DELIVERY
from bot.playbooks.return_item import RETURN_ITEM
from bot.playbooks.wrong_item import WRONG_ITEM

PLAYBOOKS: dict[str, Playbook] = {
    "order_status": ORDER_QUESTIONS,
    "tracking_link": ORDER_QUESTIONS,
    "delivery_time": ORDER_QUESTIONS,
    "order_details": ORDER_QUESTIONS,
    "invoice": ORDER_QUESTIONS,
    "cancel_order": CANCEL_ORDER,
    "change_address": CHANGE_ADDRESS,
    "change_item": CHANGE_ITEM,
    "late_delivery": LATE_DELIVERY,
    "not_received": NOT_RECEIVED,
    "damaged_item": DAMAGED_ITEM,
    "defective_item": DEFECTIVE_ITEM,
    "wrong_item": WRONG_ITEM,
    "missing_item": MISSING_ITEM,
    "not_as_described": NOT_AS_DESCRIBED,
    "counterfeit_item": COUNTERFEIT_ITEM,
    "refund_request": REFUND_REQUEST,
    "return_item": RETURN_ITEM,
    "exchange_item": EXCHANGE_ITEM,
    "refuse_delivery": REFUSE_DELIVERY,
    "refund_status": REFUND_STATUS,
    "payment_problem": PAYMENT_PROBLEM,
    "discount_request": DISCOUNT_REQUEST,
    "complaint": COMPLAINT,
}

BY_NAME: dict[str, Playbook] = {playbook.name: playbook for playbook in PLAYBOOKS.values()}
