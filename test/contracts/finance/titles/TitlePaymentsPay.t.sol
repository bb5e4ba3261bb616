// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {ITitlePayments} from "../../../../contracts/finance/titles/ITitlePayments.sol";
import {OfferEnd, OfferTerms, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

contract TitlePaymentsPayTest is TitleWorld {
    bytes32 internal constant OFFER = "an offer";

    bytes32[] internal documents;

    function setUp() public override {
        super.setUp();
        _sayToPayments(TitleMessages.offered(OFFER, _terms()));
        _prepare(OFFER);
        documents = _invoice(OFFER);
    }

    // -------------------------------------------------------------------------------------------------- paying

    function test_pay_onEvidence_movesCoinsDebtsAndTellsTheTradeChain() public moneyIsConserved {
        vm.expectEmit(address(titlePayments));
        emit ITitlePayments.OfferPaid(OFFER, "a title", buyer, seller, dollar, PRICE, 1, false);
        _payAs(buyer);
        assertEq(dollar.balanceOf(seller), PRICE);
        assertEq(dollar.balanceOf(buyer), 0);
        assertEq(_net(buyersBank, "USD"), -int256(uint256(PRICE)));
        assertEq(_net(sellersBank, "USD"), int256(uint256(PRICE)));
        assertEq(ledger.evidence(documents[0]).drawn, PRICE);
        assertEq(bytes32(ledger.firstUser(documents[0])), bytes32(bytes16(OFFER)));
        _assertPayment(OFFER, ITitlePayments.State.Paid);
        assertEq(gateway.sent(), 1);
        assertEq(_lastMessage(), TitleMessages.paid(OFFER));
    }

    function test_pay_withinOneBank_owesNothing() public moneyIsConserved {
        bytes32 inside = "within the seller's bank";
        _offeredTo(carrier, inside);
        _pay(inside);
        assertEq(dollar.balanceOf(seller), PRICE);
        assertEq(_net(sellersBank, "USD"), 0);
    }

    function test_pay_inItsLastSecond_succeeds() public moneyIsConserved {
        vm.warp(PAY_BY);
        _payAs(buyer);
        _assertPayment(OFFER, ITitlePayments.State.Paid);
    }

    function test_pay_inTheSecondAfter_reverts() public moneyIsConserved {
        vm.warp(PAY_BY + 1);
        _revertPay(buyer, abi.encodeWithSelector(ITitlePayments.TitlePayments_TooLate.selector, OFFER, PAY_BY));
    }

    function test_pay_byAnybodyElse_reverts() public moneyIsConserved {
        address[4] memory others = [seller, broker, operator, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            _revertPay(
                others[i],
                abi.encodeWithSelector(ITitlePayments.TitlePayments_NotBuyer.selector, OFFER, others[i])
            );
        }
    }

    function test_pay_unknown_reverts() public {
        _expectWrongPayment("another", ITitlePayments.State.Unknown);
        vm.prank(buyer);
        titlePayments.pay("another", documents);
    }

    function test_pay_twice_reverts() public moneyIsConserved {
        _payAs(buyer);
        _prepare(OFFER);
        documents = _invoice(OFFER);
        _expectWrongPayment(OFFER, ITitlePayments.State.Paid);
        _payAs(buyer);
        assertEq(dollar.balanceOf(buyer), PRICE);
    }

    // -------------------------------------------------------------------------------- what may stand against it

    function test_pay_coinNoLongerListed_revertsUntilItIsAgain() public moneyIsConserved {
        _listForTitles(false);
        _revertPay(buyer, abi.encodeWithSelector(ITitlePayments.TitlePayments_CoinNotListed.selector, dollar));
        _listForTitles(true);
        _payAs(buyer);
    }

    function test_pay_withoutEvidence_reverts() public moneyIsConserved {
        delete documents;
        _revertPay(buyer, _refused(ForexReasons.NO_EVIDENCE));
    }

    function test_pay_onInvoiceOfOtherParties_reverts() public moneyIsConserved {
        documents[0] = _newEvidence("USD", PRICE, broker, seller);
        _revertPay(buyer, _refused(ForexReasons.EVIDENCE_PARTIES));
    }

    function test_pay_onInvoiceForLess_reverts() public moneyIsConserved {
        documents[0] = _newEvidence("USD", PRICE - 1, buyer, seller);
        _revertPay(
            buyer,
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Exhausted.selector,
                documents[0],
                PRICE - 1,
                PRICE,
                bytes16(0)
            )
        );
    }

    /// @dev The second offer of the same goods finds the invoice used.
    function test_pay_onInvoiceOfAnotherOffer_reverts() public moneyIsConserved {
        _payAs(buyer);
        bytes32 second = "a second offer";
        _offeredTo(buyer, second);
        _prepare(second);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Exhausted.selector,
                documents[0],
                0,
                PRICE,
                bytes16(OFFER)
            )
        );
        vm.prank(buyer);
        titlePayments.pay(second, documents);
    }

    function test_pay_buyerSuspended_reverts() public moneyIsConserved {
        _suspend(buyer);
        _revertPay(buyer, _refused(ForexReasons.PAYER_NOT_ACTIVE));
    }

    function test_pay_sellerSuspended_revertsUntilReinstated() public moneyIsConserved {
        _suspend(seller);
        _revertPay(buyer, _refused(ForexReasons.PAYEE_NOT_ACTIVE));
        _reinstate(seller);
        _payAs(buyer);
    }

    function test_pay_buyerFrozen_reverts() public moneyIsConserved {
        _freeze(dollar, buyer);
        _revertPay(buyer, abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, buyer));
    }

    function test_pay_coinPaused_reverts() public moneyIsConserved {
        _pause(dollar);
        _revertPay(buyer, abi.encodeWithSelector(Pausable.EnforcedPause.selector));
    }

    function test_pay_withoutAllowance_reverts() public moneyIsConserved {
        vm.prank(buyer);
        dollar.approve(address(titlePayments), PRICE - 1);
        _revertPay(
            buyer,
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(titlePayments),
                PRICE - 1,
                PRICE
            )
        );
    }

    /// @dev It would have to wait in the queue, and a title is given for no promise.
    function test_pay_aboveTheBanksCap_revertsUntilThereIsRoom() public moneyIsConserved {
        _setCap(buyersBank, "USD", PRICE - 10_000);
        _revertPay(
            buyer,
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_CapExceeded.selector,
                buyersBank,
                bytes3("USD"),
                PRICE,
                PRICE - 10_000
            )
        );
        assertEq(clearing.queueLength(), 0);
        _setCap(buyersBank, "USD", PRICE);
        _payAs(buyer);
    }

    function test_pay_bankSuspended_reverts() public moneyIsConserved {
        vm.prank(registrar);
        subAccounts.suspendMember(buyersBank);
        _revertPay(buyer, abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, buyersBank));
    }

    function test_pay_sellerLeftItsBank_reverts() public moneyIsConserved {
        vm.prank(seller);
        subAccounts.leaveBank();
        _revertPay(buyer, abi.encodeWithSelector(ITitlePayments.TitlePayments_NoBank.selector, seller));
    }

    // ------------------------------------------------------------------------------------------------ suspense

    function test_pay_sellerFrozen_waitsInSuspense() public moneyIsConserved {
        _freeze(dollar, seller);
        vm.expectEmit(address(titlePayments));
        emit ISuspense.HeldInSuspense(dollar, seller, PRICE);
        vm.expectEmit(address(titlePayments));
        emit ITitlePayments.OfferPaid(OFFER, "a title", buyer, seller, dollar, PRICE, 1, true);
        _payAs(buyer);
        assertEq(titlePayments.suspense(dollar, seller), PRICE);
        assertEq(dollar.balanceOf(address(titlePayments)), PRICE);
        assertEq(_lastMessage(), TitleMessages.paid(OFFER));
        _assertMoneyConserved();

        _unfreeze(dollar, seller);
        vm.prank(seller);
        titlePayments.claim(dollar);
        assertEq(dollar.balanceOf(seller), PRICE);
    }

    function test_claim_nothing_reverts() public {
        _payAs(buyer);
        vm.expectRevert(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, dollar, seller));
        vm.prank(seller);
        titlePayments.claim(dollar);
    }

    // ------------------------------------------------------------------------------------------------ expiring

    function test_expire_inItsLastSecond_reverts() public {
        vm.warp(PAY_BY);
        vm.expectRevert(abi.encodeWithSelector(ITitlePayments.TitlePayments_NotExpired.selector, OFFER, PAY_BY));
        titlePayments.expire(OFFER);
    }

    function test_expire_inTheSecondAfter_endsItForEverybody() public moneyIsConserved {
        vm.warp(PAY_BY + 1);
        vm.expectEmit(address(titlePayments));
        emit ITitlePayments.OfferExpired(OFFER, OfferEnd.Unpaid);
        vm.prank(stranger);
        titlePayments.expire(OFFER);
        assertEq(_lastMessage(), TitleMessages.expired(OFFER, OfferEnd.Unpaid));
        _revertPay(buyer, _wrongState(ITitlePayments.State.Expired));
        _expectWrongPayment(OFFER, ITitlePayments.State.Expired);
        titlePayments.expire(OFFER);
        assertEq(gateway.sent(), 1);
    }

    /// @dev At every second exactly one of the two is possible.
    function testFuzz_payOrExpire_atAnySecond_oneOfThem(uint256 second) public moneyIsConserved {
        second = bound(second, NOW, PAY_BY + 1 days);
        vm.warp(second % 4 == 0 ? PAY_BY + ((second >> 2) % 2) : second);
        (bool expired, ) = address(titlePayments).call(abi.encodeCall(ITitlePayments.expire, (OFFER)));
        vm.prank(buyer);
        (bool paid, ) = address(titlePayments).call(abi.encodeCall(ITitlePayments.pay, (OFFER, documents)));
        assertTrue(expired != paid);
        assertEq(gateway.sent(), 1);
        assertEq(dollar.balanceOf(seller), paid ? PRICE : 0);
    }

    function test_expire_paid_reverts() public moneyIsConserved {
        _payAs(buyer);
        vm.warp(PAY_BY + 1);
        _expectWrongPayment(OFFER, ITitlePayments.State.Paid);
        titlePayments.expire(OFFER);
    }

    function test_expire_unknown_reverts() public {
        _expectWrongPayment("another", ITitlePayments.State.Unknown);
        titlePayments.expire("another");
    }

    // ------------------------------------------------------------------------------------------- administering

    function test_listCoin_operator_takesItsCurrency() public {
        vm.expectEmit(address(titlePayments));
        emit ITitlePayments.CoinListed(euro, false);
        vm.prank(operator);
        titlePayments.listCoin(euro, false);
        assertEq(bytes32(titlePayments.currencyOf(euro)), 0);
        assertEq(bytes32(titlePayments.currencyOf(dollar)), bytes32(bytes3("USD")));
    }

    function test_listCoin_anybodyElse_reverts() public {
        _expectUnauthorized(governance);
        vm.prank(governance);
        titlePayments.listCoin(euro, false);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _payAs(address account) private {
        vm.prank(account);
        titlePayments.pay(OFFER, documents);
    }

    /// @dev Nothing may have moved, and nothing may have been said.
    function _revertPay(address account, bytes memory expected) private {
        bytes32 before = _books();
        vm.expectRevert(expected);
        _payAs(account);
        assertEq(_books(), before, "something moved");
    }

    function _books() private view returns (bytes32) {
        uint256 drawn = documents.length == 0 ? 0 : ledger.evidence(documents[0]).drawn;
        bytes32 money = keccak256(
            abi.encode(
                dollar.balanceOf(buyer),
                dollar.balanceOf(seller),
                dollar.balanceOf(address(titlePayments)),
                titlePayments.suspense(dollar, seller)
            )
        );
        return
            keccak256(
                abi.encode(money, drawn, _net(buyersBank, "USD"), _net(sellersBank, "USD"), gateway.sent(), _state())
            );
    }

    function _state() private view returns (ITitlePayments.State) {
        return titlePayments.offerOf(OFFER).state;
    }

    function _offeredTo(address account, bytes32 offerId) private {
        OfferTerms memory terms = _terms();
        terms.buyer = account;
        _sayToPayments(TitleMessages.offered(offerId, terms));
    }

    function _listForTitles(bool listed) private {
        vm.prank(operator);
        titlePayments.listCoin(dollar, listed);
    }

    function _refused(uint256 reasons) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_Refused.selector, OFFER, reasons);
    }

    function _wrongState(ITitlePayments.State state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITitlePayments.TitlePayments_WrongState.selector, OFFER, state);
    }
}
