// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {ClearingTest} from "../../../support/ClearingTest.sol";
import {vm} from "../../../support/Test.sol";

contract ClearingHouseInstructTest is ClearingTest {
    uint32 internal cycle;
    uint64 internal owed;

    function setUp() public override {
        super.setUp();
        owed = _book(A, B, 60 * UNIT);
        (cycle, ) = _close();
    }

    function test_clearing_ofBothSides_succeeds() public {
        _assertState(owed, IClearingHouse.State.Netted);
        vm.expectEmit(address(house));
        emit IClearingHouse.PositionInstructed(cycle, A, CNY, -6_000);
        _instruct(cycle, A, CNY);
        _assertState(owed, IClearingHouse.State.Instructed);
        vm.expectEmit(address(house));
        emit IClearingHouse.PositionCleared(cycle, A, CNY, keccak256("camt.054"));
        _confirm(cycle, A, CNY);
        _assertState(owed, IClearingHouse.State.Cleared);
        assertEq(house.cycle(cycle).pending, 1);
        assertEq(house.exposure(A, CNY), 0);

        _instruct(cycle, B, CNY);
        vm.expectEmit(address(house));
        emit IClearingHouse.CycleFinished(cycle);
        _confirm(cycle, B, CNY);
    }

    function test_clearing_payOutsBeforePayIns_succeeds() public {
        _instruct(cycle, B, CNY);
        _confirm(cycle, B, CNY);
        _assertState(owed, IClearingHouse.State.Netted);
        _instruct(cycle, A, CNY);
        _confirm(cycle, A, CNY);
        assertEq(house.cycle(cycle).pending, 0);
    }

    function test_clearing_byAnyoneButTheClearingAgent_reverts() public {
        address[4] memory others = [stranger, product, operator, ownerOf[A]];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory expected = abi.encodeWithSelector(
                IAccessManaged.AccessManagedUnauthorized.selector,
                others[i]
            );
            vm.startPrank(others[i]);
            vm.expectRevert(expected);
            house.instruct(cycle, A, CNY);
            vm.expectRevert(expected);
            house.confirm(cycle, A, CNY, 0);
            vm.expectRevert(expected);
            house.reject(cycle, A, CNY, "AM04");
            vm.stopPrank();
        }
    }

    /// @dev Walks every state, and tries every edge that is not in the table from each.
    function test_clearing_everyEdgeThatIsNotInTheTable_reverts() public {
        _book(B, A, UNIT);
        _assertOnly(2, IClearingHouse.State.Provisional, false, false);
        _assertOnly(99, IClearingHouse.State.Unknown, false, false);
        _assertOnly(cycle, IClearingHouse.State.Netted, true, false);
        _instruct(cycle, A, CNY);
        _assertOnly(cycle, IClearingHouse.State.Instructed, false, true);
        uint256 snapshot = vm.snapshotState();
        _confirm(cycle, A, CNY);
        _assertOnly(cycle, IClearingHouse.State.Cleared, false, false);
        vm.revertToState(snapshot);
        _reject(cycle, A, CNY);
        _assertOnly(cycle, IClearingHouse.State.Rejected, false, false);
    }

    function testFuzz_clearing_statesFollowTheTable(uint256 seed) public {
        IClearingHouse.State state = IClearingHouse.State.Netted;
        for (uint256 i = 0; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint16 member = seed % 2 == 0 ? A : C;
            if (member == C) {
                _assertRefused(cycle, C, IClearingHouse.State.Unknown, seed >> 8);
                continue;
            }
            uint256 action = (seed >> 8) % 3;
            bool allowed =
                action == 0 ? state == IClearingHouse.State.Netted : state == IClearingHouse.State.Instructed;
            if (!allowed) {
                _assertRefused(cycle, A, state, action);
            } else {
                _act(cycle, A, action);
                if (action == 0) state = IClearingHouse.State.Instructed;
                else state = action == 1 ? IClearingHouse.State.Cleared : IClearingHouse.State.Rejected;
            }
            _assertPosition(cycle, A, CNY, -int256(60 * UNIT), state);
        }
    }

    // ---------------------------------------------------------------------------------------------- rejections

    function test_reject_payIn_collateralGoesToTheAgentAndNobodyElseChanges_succeeds() public {
        uint64 other = _book(C, D, 7 * UNIT);
        _instruct(cycle, A, CNY);
        vm.expectEmit(address(house));
        emit IClearingHouse.PositionRejected(cycle, A, CNY, "AM04");
        vm.expectEmit(address(house));
        emit IClearingHouse.CapSet(A, CNY, 40 * UNIT);
        vm.expectEmit(address(accounts));
        emit ISubAccounts.MemberSuspended(A);
        vm.expectEmit(address(house));
        emit IClearingHouse.DefaultCovered(cycle, A, CNY, 60 * UNIT, 0);
        _reject(cycle, A, CNY);

        _assertState(owed, IClearingHouse.State.Rejected);
        _assertState(other, IClearingHouse.State.Provisional);
        assertEq(accounts.balance(A, yuan).collateral, 40 * UNIT);
        assertEq(accounts.balance(A, dollar).collateral, CAP, "another currency");
        assertEq(accounts.balance(AGENT, yuan).available, 60 * UNIT);
        assertEq(house.exposure(A, CNY), 0);
        assertEq(house.cap(A, CNY), 40 * UNIT);
        assertEq(house.cap(B, CNY), CAP);
        _assertPosition(cycle, B, CNY, int256(60 * UNIT), IClearingHouse.State.Netted);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, A));
        _book(A, B, 1);
    }

    function test_reject_payIn_ofAMemberSuspendedBefore_succeeds() public {
        _suspendMember(A);
        _instruct(cycle, A, CNY);
        _reject(cycle, A, CNY);
        assertEq(accounts.balance(AGENT, yuan).available, 60 * UNIT);
    }

    function test_reject_payIns_ofTwoCycles_areBothCovered_succeeds() public {
        _book(A, B, 40 * UNIT);
        (uint32 second, ) = _close();
        _instruct(cycle, A, CNY);
        _instruct(second, A, CNY);
        _reject(second, A, CNY);
        vm.expectEmit(address(house));
        emit IClearingHouse.DefaultCovered(cycle, A, CNY, 60 * UNIT, 0);
        _reject(cycle, A, CNY);
        assertEq(accounts.balance(A, yuan).collateral, 0);
        assertEq(house.cap(A, CNY), 0);
        assertEq(accounts.balance(AGENT, yuan).available, CAP);
    }

    function test_reject_payOut_isCarriedToTheOpenCycle_succeeds() public {
        _instruct(cycle, B, CNY);
        _reject(cycle, B, CNY);
        assertTrue(accounts.isActive(B), "not suspended");
        assertEq(house.position(2, B, CNY).carried, 60 * UNIT);
        _assertState(owed, IClearingHouse.State.Netted);

        (uint32 second, ) = _close();
        IClearingHouse.Position memory found = house.position(second, B, CNY);
        assertEq(int256(found.net), 0);
        assertEq(found.carried, 60 * UNIT);
        assertEq(int256(found.instructed), 6_000);
        assertEq(house.position(3, B, CNY).carried, 0);
        _instruct(second, B, CNY);
        _confirm(second, B, CNY);
    }

    function test_reject_payOut_pays_whatItsOwnerOwesNext_succeeds() public {
        _instruct(cycle, B, CNY);
        _reject(cycle, B, CNY);
        _book(B, C, uint256(CAP) + 60 * UNIT);
        assertEq(house.exposure(B, CNY), CAP);
    }

    function test_reject_payOutOfADebtor_rejectsNoObligation_succeeds() public {
        uint64 small = _book(B, C, UNIT);
        _book(D, B, 5 * UNIT);
        (uint32 second, ) = _close();
        _instruct(second, B, CNY);
        _reject(second, B, CNY);
        _assertState(small, IClearingHouse.State.Cleared);
    }

    function test_reject_theAgent_isReportedAndSuspendsNobody_succeeds() public {
        uint64 payout = _book(AGENT, C, 500 * UNIT);
        (uint32 second, ) = _close();
        _instruct(second, AGENT, CNY);
        vm.expectEmit(address(house));
        emit IClearingHouse.DefaultCovered(second, AGENT, CNY, 0, 500 * UNIT);
        _reject(second, AGENT, CNY);
        assertTrue(accounts.isActive(AGENT));
        _assertState(payout, IClearingHouse.State.Rejected);
        _book(AGENT, C, UNIT);
    }

    function test_stateOf_aConversion_isWhereItsSlowestDebtorIs() public {
        uint64 conversion = _book(_conversion(C, D, E, 5 * UNIT, UNIT));
        (uint32 second, ) = _close();
        _instruct(second, C, CNY);
        _confirm(second, C, CNY);
        _assertState(conversion, IClearingHouse.State.Netted);
        _instruct(second, D, USD);
        _assertState(conversion, IClearingHouse.State.Instructed);
        uint256 snapshot = vm.snapshotState();
        _confirm(second, D, USD);
        _assertState(conversion, IClearingHouse.State.Cleared);
        vm.revertToState(snapshot);
        _reject(second, D, USD);
        _assertState(conversion, IClearingHouse.State.Rejected);
    }

    // -------------------------------------------------------------------------------------------------- private

    function _assertOnly(uint32 number, IClearingHouse.State state, bool mayInstruct, bool mayFinish) private {
        _assertPosition(number, A, CNY, house.position(number, A, CNY).net, state);
        if (!mayInstruct) _assertRefused(number, A, state, 0);
        if (!mayFinish) {
            _assertRefused(number, A, state, 1);
            _assertRefused(number, A, state, 2);
        }
    }

    function _assertRefused(uint32 number, uint16 member, IClearingHouse.State state, uint256 action) private {
        vm.expectRevert(_wrongPosition(number, member, CNY, state));
        _act(number, member, action % 3);
    }

    function _act(uint32 number, uint16 member, uint256 action) private {
        if (action == 0) _instruct(number, member, CNY);
        else if (action == 1) _confirm(number, member, CNY);
        else _reject(number, member, CNY);
    }
}
