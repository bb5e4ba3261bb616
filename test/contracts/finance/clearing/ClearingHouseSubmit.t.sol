// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../../../contracts/access/Products.sol";
import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ClearingTest} from "../../../support/ClearingTest.sol";
import {vm} from "../../../support/Test.sol";

contract ClearingHouseSubmitTest is ClearingTest {
    function test_book_byAnyoneButAProduct_reverts() public {
        IClearingHouse.Leg[] memory legs = _leg(A, B, CNY, UNIT);
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, ownerOf[A]));
        vm.prank(ownerOf[A]);
        house.book(legs);
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, clearingAgent));
        vm.prank(clearingAgent);
        house.submit(legs, URGENT);
    }

    function test_book_upToTheCap_succeeds() public {
        uint64 id = _book(A, B, CAP);
        _assertState(id, IClearingHouse.State.Provisional);
        _assertPosition(1, A, CNY, -int256(uint256(CAP)), IClearingHouse.State.Provisional);
        _assertPosition(1, B, CNY, int256(uint256(CAP)), IClearingHouse.State.Provisional);
        assertEq(house.exposure(A, CNY), CAP);
        assertEq(house.exposure(B, CNY), 0);
        assertEq(house.cycleOf(id), 1);
    }

    function test_book_oneMillionthBeyondTheCap_reverts() public {
        _book(A, B, CAP);
        vm.expectRevert(_capExceeded(A, CNY, uint256(CAP) + 1));
        _book(A, B, 1);
    }

    function test_book_secondLegBeyondTheCap_revertsAndBooksNeither() public {
        vm.expectRevert(_capExceeded(B, USD, uint256(CAP) + 1));
        _book(_conversion(A, B, C, UNIT, uint256(CAP) + 1));
        _assertPosition(1, A, CNY, 0, IClearingHouse.State.Unknown);
    }

    function test_book_whatOthersOweRaisesWhatMayBeOwed_succeeds() public {
        _book(B, A, 30 * UNIT);
        _book(A, C, uint256(CAP) + 30 * UNIT);
        vm.expectRevert(_capExceeded(A, CNY, uint256(CAP) + 1));
        _book(A, C, 1);
    }

    function test_book_exposureSpansCyclesUntilBooked_reverts() public {
        _book(A, B, 60 * UNIT);
        (uint32 cycle, ) = _close();
        assertEq(house.exposure(A, CNY), 60 * UNIT);
        vm.expectRevert(_capExceeded(A, CNY, 101 * UNIT));
        _book(A, B, 41 * UNIT);
        _book(A, B, 40 * UNIT);

        _instruct(cycle, A, CNY);
        _confirm(cycle, A, CNY);
        assertEq(house.exposure(A, CNY), 40 * UNIT);
        _book(A, B, 60 * UNIT);
    }

    function test_book_creditOfTheNextCycleDoesNotPayForTheLast_reverts() public {
        _book(A, B, CAP);
        _close();
        _book(B, A, 50 * UNIT);
        assertEq(house.exposure(A, CNY), CAP);
        vm.expectRevert(_capExceeded(A, CNY, uint256(CAP) + 1));
        _book(A, B, 50 * UNIT + 1);
    }

    function test_book_theAgentHasNoCap_succeeds() public {
        _book(AGENT, A, 1e9 * UNIT);
        _assertPosition(1, AGENT, CNY, -int256(1e9 * UNIT), IClearingHouse.State.Provisional);
    }

    function test_book_withoutACap_reverts() public {
        uint16 newcomer = _newMember("newcomer");
        vm.expectRevert(_capExceeded(newcomer, CNY, 1));
        _book(newcomer, A, 1);
        _book(A, newcomer, 1);
    }

    function test_book_bySuspendedDebtor_reverts() public {
        _suspendMember(A);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, A));
        _book(A, B, UNIT);
        _book(B, A, UNIT);
    }

    function test_book_byADebtorWhoseEntityIsSuspended_reverts() public {
        _suspend(ownerOf[A]);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, A));
        _book(A, B, UNIT);
    }

    function test_book_unknownMemberOrCurrency_reverts() public {
        uint16[3] memory unknown = [uint16(0), MEMBERS + 1, 258]; // 258 is A in eight bits
        for (uint256 i = 0; i < unknown.length; ++i) {
            bytes memory expected = abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_UnknownMember.selector,
                unknown[i]
            );
            vm.expectRevert(expected);
            _book(unknown[i], B, UNIT);
            vm.expectRevert(expected);
            _book(B, unknown[i], UNIT);
        }
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_CurrencyNotListed.selector, bytes3("EUR")));
        _book(_leg(A, B, "EUR", UNIT));
    }

    function test_book_invalidLegs_reverts() public {
        bytes4 expected = IClearingHouse.ClearingHouse_InvalidLegs.selector;
        vm.expectRevert(expected);
        _book(new IClearingHouse.Leg[](0));
        vm.expectRevert(expected);
        _book(new IClearingHouse.Leg[](3));
        vm.expectRevert(expected);
        _book(A, B, 0);
        vm.expectRevert(expected);
        _book(_legs(_leg(A, B, CNY, 1), _leg(A, C, CNY, 1)));
        vm.expectRevert(expected);
        _book(_conversion(A, B, C, UNIT, 0));
    }

    function test_book_amountsThatNoMessageCanCarry_reverts() public {
        vm.expectRevert(IClearingHouse.ClearingHouse_AmountTooLarge.selector);
        _book(AGENT, A, 10 ** 22 + 1);
        vm.expectRevert(IClearingHouse.ClearingHouse_AmountTooLarge.selector);
        _book(AGENT, A, type(uint96).max);
        _book(AGENT, A, 10 ** 22);
        vm.expectRevert(IClearingHouse.ClearingHouse_AmountTooLarge.selector);
        _book(AGENT, B, 1);
    }

    function test_submit_withinOneBank_owesNothing_succeeds() public {
        (uint64 id, bool settled) = _submit(_leg(A, A, CNY, 1e9 * UNIT), NORMAL);
        assertTrue(settled);
        _assertState(id, IClearingHouse.State.Cleared);
        _assertPosition(1, A, CNY, 0, IClearingHouse.State.Unknown);
    }

    function test_submit_conversionByThePayersOwnBank_owesOneLeg_succeeds() public {
        (uint64 id, ) = _submit(_conversion(A, A, B, 9 * UNIT, UNIT), NORMAL);
        _assertPosition(1, A, CNY, 0, IClearingHouse.State.Unknown);
        _assertPosition(1, A, USD, -int256(UNIT), IClearingHouse.State.Provisional);
        assertEq(house.obligation(id).legs.length, 1);
    }

    function test_submit_beyondTheCap_queues() public {
        vm.expectEmit(address(house));
        emit IClearingHouse.ObligationQueued(1, HIGH, _leg(A, B, CNY, uint256(CAP) + 1));
        (uint64 id, bool settled) = _submit(_leg(A, B, CNY, uint256(CAP) + 1), HIGH);
        assertFalse(settled);
        _assertState(id, IClearingHouse.State.Queued);
        assertEq(house.queueLength(), 1);
        _assertPosition(1, A, CNY, 0, IClearingHouse.State.Unknown);
    }

    function test_submit_behindOnesOwn_waitsByPriorityAndCurrency() public {
        _queue(_leg(A, B, CNY, uint256(CAP) + 1), HIGH);
        _queue(_leg(A, B, CNY, 1), NORMAL);
        _queue(_leg(A, B, CNY, 1), HIGH);
        (, bool settled) = _submit(_leg(A, B, CNY, 1), URGENT);
        assertTrue(settled, "more urgent");
        (, settled) = _submit(_leg(A, B, USD, 1), NORMAL);
        assertTrue(settled, "another currency");
        (, settled) = _submit(_leg(B, A, CNY, 1), NORMAL);
        assertTrue(settled, "another bank");
    }

    function test_submit_bothLegsWaitForTheirOwn() public {
        _queue(_leg(B, C, USD, uint256(CAP) + 1), NORMAL);
        _queue(_conversion(A, B, C, UNIT, UNIT), NORMAL);
        (, bool settled) = _submit(_leg(A, C, CNY, UNIT), NORMAL);
        assertFalse(settled, "behind the conversion");
    }

    function test_submit_notBehindOneThatIsHeld_succeeds() public {
        uint64 waiting = _queue(A, B, uint256(CAP) + 1);
        vm.prank(ownerOf[A]);
        house.hold(waiting, true);
        (, bool settled) = _submit(_leg(A, B, CNY, CAP), NORMAL);
        assertTrue(settled);
    }

    /// @dev Numbers 3, 4 and 5 share a word, of which 4 waits and has one of its own.
    function test_submit_neighboursInAWord_areKeptApart() public {
        _book(A, B, UNIT);
        (uint64 nothing, ) = _submit(_leg(A, A, CNY, UNIT), NORMAL);
        uint64 single = _book(A, B, UNIT);
        uint64 waiting = _queue(C, B, uint256(CAP) + 1);
        (uint32 cycle, ) = _close();
        uint64 double = _book(_conversion(A, B, C, UNIT, 2 * UNIT));

        _assertState(nothing, IClearingHouse.State.Cleared);
        _assertState(single, IClearingHouse.State.Netted);
        _assertState(waiting, IClearingHouse.State.Queued);
        _assertState(double, IClearingHouse.State.Provisional);
        assertEq(house.cycleOf(nothing), cycle);
        assertEq(house.cycleOf(single), cycle);
        assertEq(house.cycleOf(waiting), 0);
        assertEq(house.cycleOf(double), cycle + 1);
        assertEq(house.obligation(nothing).legs.length, 0);
        assertEq(house.obligation(single).legs.length, 1);
        IClearingHouse.Leg[] memory legs = house.obligation(double).legs;
        assertEq(legs.length, 2);
        assertEq(legs[0].debtor, A);
        assertEq(legs[0].creditor, B);
        assertEq(legs[0].currency, CNY);
        assertEq(legs[1].debtor, B);
        assertEq(legs[1].creditor, C);
        assertEq(legs[1].currency, USD);
        assertEq(house.cycleOf(double + 1), 0);
        _assertState(double + 1, IClearingHouse.State.Unknown);
    }
}
