// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {Products} from "../../../../contracts/access/Products.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

/// @notice Every act, in every status, by everybody.
contract TitleRegistryTablesTest is TitleTest {
    uint256 private constant STATUSES = 10;

    /// @param party Whose act it is; who may do it beside its agents.
    /// @param statuses In which it may be done: one bit each.
    struct Act {
        bytes data;
        address party;
        uint256 statuses;
    }

    function test_everyAct_inEveryStatus_succeedsOnlyWhereItMay() public {
        for (uint256 status = 0; status < STATUSES; ++status) {
            uint256 clean = vm.snapshotState();
            _bring(ITitleRegistry.Status(status));
            Act[] memory acts = _acts();
            for (uint256 i = 0; i < acts.length; ++i) {
                uint256 before = vm.snapshotState();
                (bool succeeded, bytes memory returned) = _call(acts[i].party, acts[i].data);
                if ((acts[i].statuses >> status) & 1 == 1) {
                    assertTrue(succeeded, string.concat("refused: ", _name(i, status)));
                } else {
                    assertEq(returned, _wrongStatus(ITitleRegistry.Status(status)), _name(i, status));
                }
                vm.revertToState(before);
            }
            vm.revertToState(clean);
        }
    }

    function test_everyAct_byAnybodyElse_reverts() public {
        for (uint256 i = 0; i < _acts().length; ++i) {
            uint256 clean = vm.snapshotState();
            Act memory act = _acts()[i];
            _bring(_firstStatus(act.statuses));
            address[8] memory others = [carrier, seller, buyer, bank, trader, product, compliance, stranger];
            for (uint256 j = 0; j < others.length; ++j) {
                if (others[j] == act.party) continue;
                (, bytes memory returned) = _call(others[j], act.data);
                assertEq(returned, _refusal(act.party, others[j]), _name(i, j));
            }
            vm.revertToState(clean);
        }
    }

    function test_everyAct_ofSuspendedParty_reverts() public {
        for (uint256 i = 0; i < _acts().length; ++i) {
            Act memory act = _acts()[i];
            if (act.party == product || act.party == compliance) continue;
            uint256 clean = vm.snapshotState();
            _bring(_firstStatus(act.statuses));
            _setAgent(act.party, trader);
            _suspend(act.party);
            bytes memory expected = abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, act.party);
            (, bytes memory returned) = _call(act.party, act.data);
            assertEq(returned, expected, _name(i, 0));
            (, returned) = _call(trader, act.data);
            assertEq(returned, expected, _name(i, 1));
            vm.revertToState(clean);
        }
    }

    function test_everyAct_byAgent_succeedsUntilItEnds() public {
        for (uint256 i = 0; i < _acts().length; ++i) {
            Act memory act = _acts()[i];
            if (act.party == product || act.party == compliance) continue;
            uint256 clean = vm.snapshotState();
            _bring(_firstStatus(act.statuses));
            vm.prank(act.party);
            titles.setAgent(trader, NOW);
            uint256 before = vm.snapshotState();
            (bool succeeded, ) = _call(trader, act.data);
            assertTrue(succeeded, _name(i, 0));
            vm.revertToState(before);
            vm.warp(NOW + 1);
            (, bytes memory returned) = _call(trader, act.data);
            assertEq(returned, _refusal(act.party, trader), _name(i, 1));
            vm.revertToState(clean);
        }
    }

    function test_everyAct_bySuspendedAgent_reverts() public {
        for (uint256 i = 0; i < _acts().length; ++i) {
            Act memory act = _acts()[i];
            if (act.party == product || act.party == compliance) continue;
            uint256 clean = vm.snapshotState();
            _bring(_firstStatus(act.statuses));
            _setAgent(act.party, trader);
            _suspend(trader);
            (, bytes memory returned) = _call(trader, act.data);
            assertEq(
                returned,
                abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, trader),
                _name(i, 0)
            );
            vm.revertToState(clean);
        }
    }

    function test_everyAct_onFrozenTitle_movesNothing() public {
        for (uint256 status = 1; status < 6; ++status) {
            uint256 clean = vm.snapshotState();
            _bring(ITitleRegistry.Status(status));
            _freeze();
            Act[] memory acts = _acts();
            for (uint256 i = 0; i < acts.length; ++i) {
                if ((acts[i].statuses >> status) & 1 == 0 || _worksFrozen(acts[i].data)) continue;
                (, bytes memory returned) = _call(acts[i].party, acts[i].data);
                assertEq(
                    returned,
                    abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Frozen.selector, BILL),
                    _name(i, status)
                );
            }
            vm.revertToState(clean);
        }
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev All that depends on the status alone; offers, pledges and lifting a freeze have their own tests.
    function _acts() private view returns (Act[] memory acts) {
        acts = new Act[](17);
        uint256 active = _bit(ITitleRegistry.Status.Active);
        uint256 locked = _bit(ITitleRegistry.Status.Locked);
        uint256 amendment = _bit(ITitleRegistry.Status.SurrenderedForAmendment);
        ITitleRegistry.Form toOrder = ITitleRegistry.Form.ToOrder;
        acts[0] = Act(
            abi.encodeCall(titles.issue, (_issuance(BILL, seller, seller, toOrder))),
            carrier,
            _bit(ITitleRegistry.Status.Unknown)
        );
        acts[1] = Act(abi.encodeCall(titles.transferControl, (BILL, buyer)), seller, active);
        acts[2] = Act(abi.encodeCall(titles.endorse, (BILL, buyer, toOrder)), seller, active);
        acts[3] = Act(abi.encodeCall(titles.endorseAndTransfer, (BILL, buyer, toOrder)), seller, active);
        acts[4] = Act(abi.encodeCall(titles.pledge, (BILL, bank, ENFORCEABLE)), seller, active);
        acts[5] = Act(abi.encodeCall(titles.sign, (BILL)), seller, active);
        acts[6] = Act(abi.encodeCall(titles.offer, (BILL, _offer(trader, ITitleRegistry.Gives.Both))), seller, active);
        acts[7] = Act(abi.encodeCall(titles.surrender, (BILL, ITitleRegistry.Purpose.Delivery, 0)), seller, active);
        acts[8] = Act(
            abi.encodeCall(titles.acceptForDelivery, (BILL)),
            carrier,
            _bit(ITitleRegistry.Status.SurrenderedForDelivery)
        );
        acts[9] = Act(abi.encodeCall(titles.acceptForAmendment, (BILL, "amended")), carrier, amendment);
        acts[10] = Act(abi.encodeCall(titles.acceptAsVoid, (BILL)), carrier, amendment);
        acts[11] = Act(
            abi.encodeCall(titles.acceptForPaper, (BILL, PAPER)),
            carrier,
            _bit(ITitleRegistry.Status.SurrenderedForPaper)
        );
        acts[12] = Act(
            abi.encodeCall(titles.rejectSurrender, (BILL, 0)),
            carrier,
            _bit(ITitleRegistry.Status.SurrenderedForDelivery) |
                amendment |
                _bit(ITitleRegistry.Status.SurrenderedForPaper)
        );
        acts[13] = Act(abi.encodeCall(titles.lock, (BILL, seller)), product, active);
        acts[14] = Act(abi.encodeCall(titles.unlock, (BILL)), product, locked);
        acts[15] = Act(abi.encodeCall(titles.deliverLocked, (BILL, buyer)), product, locked);
        // All but unknown and the final ones.
        acts[16] = Act(abi.encodeCall(titles.freeze, (BILL, ORDER)), compliance, 62);
    }

    function _worksFrozen(bytes memory data) private pure returns (bool) {
        return bytes4(data) == ITitleRegistry.sign.selector || bytes4(data) == ITitleRegistry.unlock.selector;
    }

    function _refusal(address party, address caller) private view returns (bytes memory) {
        if (party == compliance) {
            return abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        }
        if (party != product) {
            return abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, party, caller);
        }
        return
            titles.title(BILL).status == ITitleRegistry.Status.Locked
                ? abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotLockedBy.selector, BILL, caller)
                : abi.encodeWithSelector(Products.Products_NotAProduct.selector, caller);
    }

    function _wrongStatus(ITitleRegistry.Status status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITitleRegistry.TitleRegistry_WrongStatus.selector, BILL, status);
    }

    function _firstStatus(uint256 statuses) private pure returns (ITitleRegistry.Status) {
        uint256 status = 0;
        while ((statuses >> status) & 1 == 0) ++status;
        return ITitleRegistry.Status(status);
    }

    function _bit(ITitleRegistry.Status status) private pure returns (uint256) {
        return 1 << uint256(status);
    }

    function _call(address by, bytes memory data) private returns (bool succeeded, bytes memory returned) {
        vm.prank(by);
        (succeeded, returned) = address(titles).call(data);
    }

    function _name(uint256 act, uint256 other) private pure returns (string memory) {
        return string.concat("act ", vm.toString(act), ", ", vm.toString(other));
    }
}
