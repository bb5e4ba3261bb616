// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../../../contracts/access/Products.sol";
import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ClearingTest} from "../../../support/ClearingTest.sol";
import {vm} from "../../../support/Test.sol";

contract ClearingHouseQueueTest is ClearingTest {
    /// @dev What one first debtor may have waiting, over all currencies.
    uint256 private constant SHARE = 300;

    uint64 internal waiting;

    function setUp() public override {
        super.setUp();
        waiting = _queue(A, B, uint256(CAP) + 1);
    }

    function test_cancel_bySubmitter_succeeds() public {
        vm.expectEmit(address(house));
        emit IClearingHouse.ObligationCancelled(waiting);
        vm.prank(product);
        house.cancel(waiting);
        _assertState(waiting, IClearingHouse.State.Cancelled);
        assertEq(house.queueLength(), 0);
        (, bool settled) = _submit(_leg(A, B, CNY, 1), NORMAL);
        assertTrue(settled, "nothing is ahead");
    }

    function test_cancel_ofAnotherProduct_reverts() public {
        address other = makeAddr("other product");
        vm.prank(validatorAdmin);
        Products(address(house)).setProduct(other, true);
        bytes memory expected = abi.encodeWithSelector(
            IClearingHouse.ClearingHouse_NotSubmitter.selector,
            waiting,
            other
        );
        vm.expectRevert(expected);
        vm.prank(other);
        house.cancel(waiting);

        vm.prank(other);
        house.submit(_leg(A, B, CNY, 1), NORMAL);
        vm.expectRevert(expected);
        vm.prank(other);
        house.cancel(waiting);
    }

    function test_cancel_byTheDebtor_reverts() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouse_NotSubmitter.selector, waiting, ownerOf[A])
        );
        vm.prank(ownerOf[A]);
        house.cancel(waiting);
    }

    function test_cancel_heldOne_leavesTheCountsRight_succeeds() public {
        vm.prank(ownerOf[A]);
        house.hold(waiting, true);
        assertEq(house.queueLength(), 0);
        vm.prank(product);
        house.cancel(waiting);
        assertEq(house.queueLength(), 0);
    }

    function test_everyEdge_fromAnythingButQueued_reverts() public {
        uint64 settled = _book(C, B, 1);
        uint64 netted = _book(D, B, 1e6);
        _close();
        uint64 provisional = _book(C, B, 1);
        uint64 cancelled = _queue(A, B, 2);
        vm.prank(product);
        house.cancel(cancelled);
        _assertRefused(999, IClearingHouse.State.Unknown);
        _assertRefused(cancelled, IClearingHouse.State.Cancelled);
        _assertRefused(provisional, IClearingHouse.State.Provisional);
        _assertRefused(settled, IClearingHouse.State.Netted);
        _assertRefused(netted, IClearingHouse.State.Netted);
    }

    function test_hold_byNoDebtor_reverts() public {
        address[3] memory others = [ownerOf[B], product, clearingAgent];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory expected = abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_NotDebtor.selector,
                waiting,
                others[i]
            );
            vm.expectRevert(expected);
            vm.prank(others[i]);
            house.hold(waiting, true);
            vm.expectRevert(expected);
            vm.prank(others[i]);
            house.prioritise(waiting, URGENT);
        }
    }

    function test_hold_twice_changesNothing_succeeds() public {
        vm.startPrank(ownerOf[A]);
        house.hold(waiting, true);
        house.hold(waiting, true);
        assertEq(house.queueLength(), 0);
        house.hold(waiting, false);
        house.hold(waiting, false);
        vm.stopPrank();
        assertEq(house.queueLength(), 1);
        _queue(A, B, 1);
    }

    function test_hold_released_comesBackToItsPlace_succeeds() public {
        uint64 later = _queue(A, B, 1);
        vm.startPrank(ownerOf[A]);
        house.hold(waiting, true);
        house.hold(waiting, false);
        vm.stopPrank();
        assertLt(house.obligation(waiting).place, house.obligation(later).place);
    }

    /// @dev A member that is suspended would otherwise fill the queue of all others for ever.
    function test_hold_ofASuspendedMember_anyoneMakesRoom_succeeds() public {
        _suspendMember(A);
        vm.prank(makeAddr("anyone"));
        house.hold(waiting, true);
        assertEq(house.queueLength(), 0);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, A));
        vm.prank(ownerOf[A]);
        house.hold(waiting, false);

        _reinstateMember(A);
        vm.prank(ownerOf[A]);
        house.hold(waiting, false);
        assertEq(house.queueLength(), 1);
    }

    /// @dev In the lane of a provider, what waits for a suspended bank would keep every later conversion from settling at once.
    function test_hold_ofASuspendedBanksConversion_freesTheProvider_succeeds() public {
        uint64 stuck = _queue(_conversion(A, B, C, uint256(CAP) + 1, 1), NORMAL);
        _suspendMember(A);
        vm.prank(ownerOf[B]);
        house.hold(stuck, true);
        (, bool settled) = _submit(_leg(B, C, USD, 1), NORMAL);
        assertTrue(settled, "nothing is ahead of the provider");
    }

    /// @dev A bank at its cap would otherwise keep a provider's later conversions waiting behind a tiny one of its own.
    function test_hold_byTheSecondDebtor_freesItsLane_succeeds() public {
        uint64 stuck = _queue(_conversion(A, B, C, uint256(CAP) + 1, 1), URGENT);
        (uint64 behind, bool settled) = _submit(_conversion(D, B, C, 1, 1), NORMAL);
        assertFalse(settled, "behind the urgent one");
        vm.expectEmit(address(house));
        emit IClearingHouse.ObligationHeld(stuck, true);
        vm.prank(ownerOf[B]);
        house.hold(stuck, true);
        _resolve(_list(waiting, behind), _list(0));
        _assertState(behind, IClearingHouse.State.Provisional);
        (, settled) = _submit(_conversion(D, B, C, 1, 1), NORMAL);
        assertTrue(settled, "nothing is ahead of the provider");
    }

    function test_hold_ofBothDebtors_endsWithTheLast_succeeds() public {
        uint64 stuck = _queue(_conversion(A, B, C, 1, 1), NORMAL);
        for (uint256 first = 0; first < 2; ++first) {
            (uint16 one, uint16 other) = first == 0 ? (A, B) : (B, A);
            _hold(one, stuck, true);
            _hold(other, stuck, false);
            _assertHeld(stuck, true);
            _hold(other, stuck, true);
            _hold(one, stuck, false);
            _hold(one, stuck, false);
            _assertHeld(stuck, true);
            _hold(other, stuck, false);
            _assertHeld(stuck, false);
        }
    }

    function test_hold_ofTwoLegs_byNoDebtor_reverts() public {
        uint64 stuck = _queue(_conversion(A, B, C, 1, 1), NORMAL);
        _hold(A, stuck, true);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_NotDebtor.selector, stuck, ownerOf[C]));
            _hold(C, stuck, i == 0);
        }
    }

    function test_prioritise_byTheSecondDebtor_reverts() public {
        uint64 stuck = _queue(_conversion(A, B, C, 1, 1), NORMAL);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_NotDebtor.selector, stuck, ownerOf[B]));
        vm.prank(ownerOf[B]);
        house.prioritise(stuck, URGENT);
    }

    function test_hold_ofASuspendedMember_theOtherDebtorsHoldStays_succeeds() public {
        uint64 stuck = _queue(_conversion(A, B, C, 1, 1), NORMAL);
        _hold(B, stuck, true);
        _suspendMember(A);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, A));
        _hold(B, stuck, false);
        _reinstateMember(A);
        _hold(A, stuck, false);
        _assertHeld(stuck, true);
        _hold(B, stuck, false);
        _assertHeld(stuck, false);
    }

    function test_hold_forASuspendedSecondDebtor_isItsOwnToEnd_succeeds() public {
        uint64 stuck = _queue(_conversion(A, B, C, 1, 1), NORMAL);
        _suspendMember(B);
        vm.prank(makeAddr("anyone"));
        house.hold(stuck, true);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, B));
        _hold(B, stuck, false);
        _reinstateMember(B);
        _hold(A, stuck, false);
        _assertHeld(stuck, true);
        _hold(B, stuck, false);
        _assertHeld(stuck, false);
    }

    function test_prioritise_goesToTheEndOfThePriority_succeeds() public {
        uint64 urgent = _queue(_leg(A, B, CNY, uint256(CAP) + 2), URGENT);
        vm.expectEmit(address(house));
        emit IClearingHouse.ObligationPrioritised(waiting, URGENT);
        vm.prank(ownerOf[A]);
        house.prioritise(waiting, URGENT);
        assertGt(house.obligation(waiting).place, house.obligation(urgent).place);
        uint64 last = _queue(_leg(A, B, CNY, 1), URGENT);

        vm.startPrank(ownerOf[A]);
        house.prioritise(waiting, NORMAL);
        house.prioritise(urgent, NORMAL);
        house.prioritise(last, HIGH);
        vm.stopPrank();
        (, bool settled) = _submit(_leg(A, B, CNY, 1), URGENT);
        assertTrue(settled, "none as urgent is left");
        assertEq(house.queueLength(), 3);
    }

    function test_submit_beyondAMembersShare_inAnyCurrency_reverts() public {
        for (uint256 i = 1; i < SHARE; ++i) _queue(_leg(A, B, i % 2 == 0 ? CNY : USD, uint256(CAP) + 1), NORMAL);
        _refusedAsFull(A, CNY);
        _refusedAsFull(A, USD);
        vm.prank(ownerOf[A]);
        house.prioritise(waiting, HIGH);

        _hold(A, waiting, true);
        _queue(A, B, 1);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_QueueFull.selector, A, CNY));
        _hold(A, waiting, false);
        _assertHeld(waiting, true, SHARE);
    }

    /// @dev Payers do not use up what a provider of conversions has.
    function test_submit_secondLegs_areNotOfTheProvidersShare_succeeds() public {
        for (uint256 i = 1; i < SHARE; ++i) _queue(_conversion(A, B, C, 1, 1), NORMAL);
        for (uint256 i = 0; i < SHARE; ++i) _queue(_leg(B, C, USD, 1), NORMAL);
        _refusedAsFull(A, CNY);
        _refusedAsFull(B, USD);
    }

    function test_submit_aQueueThatFourBanksFilled_reverts() public {
        uint16[4] memory banks = [A, B, C, D];
        for (uint256 i = 1; i < 4 * SHARE; ++i) _queue(banks[i % 4], AGENT, uint256(CAP) + 1);
        assertEq(house.queueLength(), 4 * SHARE);
        _refusedAsFull(E, CNY);
        vm.prank(product);
        house.cancel(waiting);
        _queue(E, AGENT, uint256(CAP) + 1);
    }

    function test_resolve_givesTheSharesBack_succeeds() public {
        uint64[] memory ordered = new uint64[](4);
        ordered[0] = waiting;
        ordered[1] = _queue(_conversion(A, B, C, 1, 1), NORMAL);
        ordered[2] = _queue(_leg(B, C, USD, 1), NORMAL);
        ordered[3] = _queue(B, A, uint256(CAP) + 1);
        _resolve(ordered, _none());
        assertEq(house.queueLength(), 0);
        uint16[2] memory banks = [A, B];
        for (uint256 i = 0; i < 2 * SHARE; ++i) _queue(_leg(banks[i % 2], C, USD, 2 * uint256(CAP)), NORMAL);
        _refusedAsFull(A, USD);
        _refusedAsFull(B, USD);
    }

    function _refusedAsFull(uint16 member, bytes3 currency) private {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_QueueFull.selector, member, currency));
        vm.prank(product);
        house.submit(_leg(member, AGENT, currency, 2 * uint256(CAP)), NORMAL);
    }

    function _hold(uint16 member, uint64 id, bool held) private {
        vm.prank(ownerOf[member]);
        house.hold(id, held);
    }

    /// @dev Beside {waiting}.
    function _assertHeld(uint64 id, bool held) private view {
        _assertHeld(id, held, held ? 1 : 2);
    }

    function _assertHeld(uint64 id, bool held, uint256 length) private view {
        assertTrue(house.obligation(id).held == held, "held");
        assertEq(house.queueLength(), length);
    }

    function _assertRefused(uint64 id, IClearingHouse.State state) private {
        bytes memory expected = abi.encodeWithSelector(IClearingHouse.ClearingHouse_WrongState.selector, id, state);
        vm.expectRevert(expected);
        vm.prank(product);
        house.cancel(id);
        vm.startPrank(ownerOf[C]);
        vm.expectRevert(expected);
        house.hold(id, true);
        vm.expectRevert(expected);
        house.prioritise(id, URGENT);
        vm.stopPrank();
    }
}
