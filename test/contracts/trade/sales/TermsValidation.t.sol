// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

contract TermsValidationTest is TradeWorld {
    function test_propose_zeroBuyer_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.buyer = address(0);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidBuyer.selector, address(0)));
        _propose(terms);
    }

    function test_propose_sellerAsBuyer_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.buyer = seller;
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidBuyer.selector, seller));
        _propose(terms);
    }

    function testFuzz_propose_currency_isThreeCapitals(bytes3 currency) public {
        bool valid = true;
        for (uint256 i = 0; i < 3; ++i) {
            uint8 char = uint8(currency[i]);
            if (char < 65 || char > 90) valid = false;
        }
        _proposeWithCurrency(currency, valid);
    }

    function test_propose_currencyBounds_succeedsOrReverts() public {
        _proposeWithCurrency("AZM", true);
        _proposeWithCurrency("@ZM", false);
        _proposeWithCurrency("[ZM", false);
        _proposeWithCurrency("A@M", false);
        _proposeWithCurrency("AZ[", false);
        _proposeWithCurrency("US", false);
        _proposeWithCurrency("usd", false);
    }

    function test_propose_zeroCoin_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.coin = address(0);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidCoin.selector, address(0)));
        _propose(terms);
    }

    function test_propose_zeroAmount_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.amount = 0;
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidAmount.selector, 0));
        _propose(terms);
    }

    function testFuzz_propose_anyOtherAmount_succeeds(uint128 amount) public {
        ITradeBook.Terms memory terms = _terms();
        terms.amount = uint128(bound(amount, 1, type(uint128).max));
        _assertState(_propose(terms), ITradeBook.State.Proposed);
    }

    function testFuzz_propose_expiryNotInFuture_reverts(uint40 expiry) public {
        expiry = uint40(bound(expiry, 0, NOW));
        _expectInvalidExpiry(expiry);
    }

    function test_propose_expiryNow_reverts() public {
        _expectInvalidExpiry(NOW);
    }

    function test_propose_expiryInOneSecond_succeeds() public {
        ITradeBook.Terms memory terms = _terms();
        terms.expiry = NOW + 1;
        _assertState(_propose(terms), ITradeBook.State.Proposed);
    }

    function test_propose_noMilestones_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.milestones = new ITradeBook.MilestoneTerms[](0);
        _expectMilestoneCount(0);
        _propose(terms);
    }

    function test_propose_eightMilestones_succeeds() public {
        TradeId tradeId = _propose(_termsWithShares(AMOUNT, _evenShares(8)));
        assertEq(tradeBook.statusOf(tradeId).milestones.length, 8);
    }

    function test_propose_nineMilestones_reverts() public {
        ITradeBook.Terms memory terms = _termsWithShares(AMOUNT, _evenShares(9));
        _expectMilestoneCount(9);
        _propose(terms);
    }

    function test_propose_firstShareZero_reverts() public {
        _expectInvalidShares(_shares(0, 10_000), 0);
    }

    function test_propose_lastShareZero_reverts() public {
        _expectInvalidShares(_shares(10_000, 0), 10_000);
    }

    function test_propose_sharesOneShort_reverts() public {
        _expectInvalidShares(_shares(5_000, 4_999), 9_999);
    }

    function test_propose_sharesOneOver_reverts() public {
        _expectInvalidShares(_shares(5_000, 5_001), 10_001);
    }

    /// @dev In sixteen bits the sum would be 10,000.
    function test_propose_sharesThatWouldWrap_reverts() public {
        _expectInvalidShares(_shares(65_535, 10_001), 75_536);
    }

    function testFuzz_propose_shares_sumToTheWhole(uint16 first, uint16 second) public {
        first = uint16(bound(first, 1, 9_999));
        second = uint16(bound(second, 1, 65_535));
        if (uint256(first) + second != 10_000) _expectInvalidShares(_shares(first, second), uint256(first) + second);
        ITradeBook.Terms memory terms = _termsWithShares(AMOUNT, _shares(first, 10_000 - first));
        _assertState(_propose(terms), ITradeBook.State.Proposed);
    }

    function test_propose_milestoneWithoutDocuments_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.milestones[1].requirements = new ITradeBook.Requirement[](0);
        _expectInvalidRequirements(terms, 1);
    }

    function test_propose_eightDocuments_succeeds() public {
        _assertState(_propose(_termsWithDocuments(8)), ITradeBook.State.Proposed);
    }

    function test_propose_nineDocuments_reverts() public {
        _expectInvalidRequirements(_termsWithDocuments(9), 0);
    }

    function test_propose_zeroIssuer_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.milestones[1].requirements[1].issuer = address(0);
        _expectInvalidRequirements(terms, 1);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _proposeWithCurrency(bytes3 currency, bool valid) private {
        ITradeBook.Terms memory terms = _terms();
        terms.currency = currency;
        if (!valid) {
            vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidCurrency.selector, currency));
        }
        TradeId tradeId = _propose(terms);
        if (valid) _assertState(tradeId, ITradeBook.State.Proposed);
    }

    function _termsWithDocuments(uint256 count) private view returns (ITradeBook.Terms memory terms) {
        terms = _termsWithShares(AMOUNT, _shares(10_000));
        terms.milestones[0].requirements = new ITradeBook.Requirement[](count);
        for (uint16 i = 0; i < count; ++i) {
            terms.milestones[0].requirements[i] = ITradeBook.Requirement(MILESTONE_DOCUMENT + i, carrier);
        }
    }

    function _evenShares(uint256 count) private pure returns (uint16[] memory shares) {
        shares = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) shares[i] = 1_000;
        shares[count - 1] = uint16(10_000 - 1_000 * (count - 1));
    }

    function _expectInvalidExpiry(uint40 expiry) private {
        ITradeBook.Terms memory terms = _terms();
        terms.expiry = expiry;
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidExpiry.selector, expiry));
        _propose(terms);
    }

    function _expectMilestoneCount(uint256 count) private {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidMilestoneCount.selector, count));
    }

    function _expectInvalidShares(uint16[] memory shares, uint256 sum) private {
        ITradeBook.Terms memory terms = _termsWithShares(AMOUNT, shares);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidShares.selector, sum));
        _propose(terms);
    }

    function _expectInvalidRequirements(ITradeBook.Terms memory terms, uint256 milestone) private {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidRequirements.selector, milestone));
        _propose(terms);
    }
}
