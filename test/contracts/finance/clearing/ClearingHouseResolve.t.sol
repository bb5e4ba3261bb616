// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ClearingTest} from "../../../support/ClearingTest.sol";
import {vm} from "../../../support/Test.sol";

contract ClearingHouseResolveTest is ClearingTest {
    uint256 internal constant BEYOND = uint256(CAP) + 1;

    // ------------------------------------------------------------------------------------------ what settles

    function test_resolve_ringInWhichNobodyCanBegin_succeeds() public {
        uint64 a = _queue(A, B, 300 * UNIT);
        uint64 b = _queue(B, C, 300 * UNIT);
        uint64 c = _queue(C, A, 300 * UNIT);
        vm.expectEmit(address(house));
        emit IClearingHouse.QueueResolved(1, _list(a, b, c), 0);
        vm.prank(stranger);
        house.resolve(_list(a, b, c), _none());
        assertEq(house.queueLength(), 0);
        _assertState(b, IClearingHouse.State.Provisional);
        for (uint16 member = A; member <= C; ++member) {
            _assertPosition(1, member, CNY, 0, IClearingHouse.State.Provisional);
        }
        (, bool settled) = _submit(_leg(A, B, CNY, CAP), NORMAL);
        assertTrue(settled, "nothing is ahead any more");
    }

    function test_resolve_partOfAQueue_succeeds() public {
        uint64 a = _queue(A, B, 120 * UNIT);
        uint64 b = _queue(B, C, 200 * UNIT);
        uint64 c = _queue(C, A, 180 * UNIT);
        uint64 d = _queue(C, D, 130 * UNIT);
        vm.expectEmit(address(house));
        emit IClearingHouse.QueueResolved(1, _list(a, b, c), 1);
        _resolve(_list(a, b, c, d), _list(3));
        assertEq(house.queueLength(), 1);
        _assertState(d, IClearingHouse.State.Queued);
        _assertPosition(1, C, CNY, int256(20 * UNIT), IClearingHouse.State.Provisional);
    }

    function test_resolve_deadlock_saysSoAndChangesNothing_succeeds() public {
        uint64 a = _queue(A, B, 210 * UNIT);
        uint64 b = _queue(B, A, 101 * UNIT);
        _book(A, C, CAP);
        vm.expectEmit(address(house));
        emit IClearingHouse.QueueResolved(1, _none(), 2);
        _resolve(_list(a, b), _list(0, 1));
        _assertState(a, IClearingHouse.State.Queued);
        _assertState(b, IClearingHouse.State.Queued);
        assertEq(house.queueLength(), 2);
        _assertPosition(1, B, CNY, 0, IClearingHouse.State.Unknown);
    }

    function test_resolve_emptyQueue_succeeds() public {
        vm.expectEmit(address(house));
        emit IClearingHouse.QueueResolved(1, _none(), 0);
        _resolve(_none(), _none());
    }

    function test_resolve_conversionSettlesWithBothLegs_succeeds() public {
        uint64 conversion = _queue(_conversion(A, B, C, BEYOND, 5 * UNIT), NORMAL);
        uint64 back = _queue(_leg(B, A, CNY, BEYOND), NORMAL);
        _resolve(_list(conversion, back), _none());
        _assertPosition(1, A, CNY, 0, IClearingHouse.State.Provisional);
        _assertPosition(1, B, USD, -int256(5 * UNIT), IClearingHouse.State.Provisional);
        _assertPosition(1, C, USD, int256(5 * UNIT), IClearingHouse.State.Provisional);
    }

    function test_resolve_conversionThatCannotSettleHoldsBackBothLanes_succeeds() public {
        uint64 conversion = _queue(_conversion(A, B, C, UNIT, BEYOND), NORMAL);
        uint64 afterInYuan = _queue(A, C, UNIT);
        uint64 afterInDollars = _queue(_leg(B, C, USD, UNIT), NORMAL);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_NotResolved.selector, B, USD));
        _resolve(_list(conversion, afterInYuan, afterInDollars), _list(2));
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_NotResolved.selector, A, CNY));
        _resolve(_list(conversion, afterInYuan, afterInDollars), _list(2, 0));
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, afterInYuan));
        _resolve(_list(conversion, afterInYuan, afterInDollars), _list(1, 2, 0));
        _resolve(_list(conversion, afterInYuan, afterInDollars), _list(2, 0, 1));
        assertEq(house.queueLength(), 3);
    }

    function test_resolve_byPriorityBeforeAge_succeeds() public {
        uint64 old = _queue(A, B, BEYOND);
        uint64 urgent = _queue(_leg(A, B, CNY, BEYOND), URGENT);
        _queueMismatch(1);
        _resolve(_list(old, urgent), _none());
        _book(C, A, 1);
        _resolve(_list(urgent, old), _list(1));
        _assertState(urgent, IClearingHouse.State.Provisional);
        _assertState(old, IClearingHouse.State.Queued);
    }

    function test_resolve_twoCurrenciesAtOnce_succeeds() public {
        uint64 a = _queue(_leg(A, B, CNY, BEYOND), NORMAL);
        uint64 b = _queue(_leg(A, B, USD, BEYOND), NORMAL);
        uint64 c = _queue(_leg(B, A, USD, BEYOND), NORMAL);
        _resolve(_list(a, b, c), _list(0));
        _assertState(a, IClearingHouse.State.Queued);
        _assertState(b, IClearingHouse.State.Provisional);
    }

    function test_resolve_suspendedDebtorStaysAndStandsInNobodysWay_succeeds() public {
        uint64 stuck = _queue(_conversion(A, B, C, BEYOND, UNIT), NORMAL);
        uint64 a = _queue(A, C, 150 * UNIT);
        uint64 c = _queue(C, A, 150 * UNIT);
        _suspendMember(B);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, stuck));
        _resolve(_list(stuck, a, c), _list(0));
        _resolve(_list(stuck, a, c), _none());
        _assertState(stuck, IClearingHouse.State.Queued);
        _assertState(a, IClearingHouse.State.Provisional);

        _reinstateMember(B);
        _book(C, A, 50 * UNIT + 1);
        _book(D, A, CAP);
        _resolve(_list(stuck), _none());
        _assertState(stuck, IClearingHouse.State.Provisional);
    }

    function test_resolve_queueOutlivesItsCycle_succeeds() public {
        uint64 a = _queue(A, B, BEYOND);
        uint64 b = _queue(B, A, BEYOND);
        _close();
        _resolve(_list(a, b), _none());
        assertEq(house.cycleOf(a), 2);
        _assertPosition(1, A, CNY, 0, IClearingHouse.State.Unknown);
    }

    // --------------------------------------------------------------------------------------- hostile solutions

    function test_resolve_incompleteList_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        uint64 b = _queue(B, A, BEYOND);
        _queueMismatch(1);
        _resolve(_list(a), _list(0));
        _queueMismatch(1);
        _resolve(_list(b), _list(0));
        _queueMismatch(0);
        _resolve(_none(), _none());
    }

    function test_resolve_wrongOrder_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        uint64 b = _queue(B, A, BEYOND);
        _queueMismatch(1);
        _resolve(_list(b, a), _none());
    }

    function test_resolve_duplicate_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        _queue(B, A, BEYOND);
        _queueMismatch(1);
        _resolve(_list(a, a), _none());
    }

    function test_resolve_heldOneSlippedIn_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        uint64 b = _queue(B, A, BEYOND);
        vm.prank(ownerOf[B]);
        house.hold(b, true);
        _queueMismatch(1);
        _resolve(_list(a, b), _none());
        _resolve(_list(a), _list(0));
        _assertState(a, IClearingHouse.State.Queued);
    }

    function test_resolve_settledCancelledOrUnknownSlippedIn_reverts() public {
        uint64 settled = _book(C, D, 1);
        uint64 cancelled = _queue(C, D, BEYOND);
        vm.prank(product);
        house.cancel(cancelled);
        uint64 a = _queue(A, B, BEYOND);
        _queueMismatch(0);
        _resolve(_list(settled, a), _none());
        _queueMismatch(0);
        _resolve(_list(cancelled, a), _none());
        _queueMismatch(1);
        _resolve(_list(a, 999), _none());
    }

    function test_resolve_unjustifiedRemoval_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        uint64 b = _queue(B, A, BEYOND);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, a));
        _resolve(_list(a, b), _list(0, 1));
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, b));
        _resolve(_list(a, b), _list(1, 0));
    }

    function test_resolve_removalThatIsNotTheLastOfItsLane_reverts() public {
        uint64 first = _queue(A, B, BEYOND);
        uint64 second = _queue(A, B, 1);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, first));
        _resolve(_list(first, second), _list(0, 1));
        _resolve(_list(first, second), _list(1, 0));
    }

    function test_resolve_removalTwice_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, a));
        _resolve(_list(a), _list(0, 0));
    }

    function test_resolve_removalOfWhatIsNotListed_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        _queueMismatch(1);
        _resolve(_list(a), _list(0, 1));
        _queueMismatch(type(uint64).max);
        _resolve(_list(a), _list(type(uint64).max));
    }

    function test_resolve_somebodyLeftBeyondTheCapByOneMillionth_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_NotResolved.selector, A, CNY));
        _resolve(_list(a), _none());
        _book(B, A, 1);
        _resolve(_list(a), _none());
        assertEq(house.exposure(A, CNY), CAP);
    }

    function test_resolve_notMaximal_reverts() public {
        // Without B's, A cannot pay; but both together can settle, so taking either out is not justified.
        uint64 a = _queue(A, B, BEYOND);
        uint64 b = _queue(B, A, BEYOND);
        uint64 c = _queue(C, D, BEYOND);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, b));
        _resolve(_list(a, b, c), _list(2, 1, 0));
        _resolve(_list(a, b, c), _list(2));
        _assertState(b, IClearingHouse.State.Provisional);
    }

    function test_resolve_solutionOfAnEarlierQueue_reverts() public {
        uint64 a = _queue(A, B, BEYOND);
        uint64[] memory ordered = _list(a);
        uint64[] memory removals = _list(0);
        _book(B, A, 1);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_RemovalNotJustified.selector, a));
        _resolve(ordered, removals);
    }

    function test_resolve_amountsBeyondAMessage_reverts() public {
        _book(AGENT, B, 10 ** 22);
        uint64 a = _queue(A, B, BEYOND);
        uint64 c = _queue(C, A, BEYOND);
        _book(D, C, 1);
        vm.expectRevert(IClearingHouse.ClearingHouse_AmountTooLarge.selector);
        _resolve(_list(a, c), _none());
    }

    function _queueMismatch(uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_QueueMismatch.selector, index));
    }
}
