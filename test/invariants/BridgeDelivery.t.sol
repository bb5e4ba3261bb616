// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BridgeTest} from "../contracts/bridge/BridgeTest.sol";
import {DeliveryHandler} from "./DeliveryHandler.sol";

/// @notice Of each sender, messages executed + messages stored as failed = messages sent up to the cursor, in order,
/// each exactly once.
contract BridgeDeliveryInvariantTest is BridgeTest {
    DeliveryHandler internal handler;

    function setUp() public override {
        super.setUp();
        handler = new DeliveryHandler(gateway, remote, authority, guardian, operator, validatorAdmin);
        authority.grantRole(0, address(handler), 0);

        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = DeliveryHandler.send.selector;
        selectors[1] = DeliveryHandler.deliver.selector;
        selectors[2] = DeliveryHandler.deliverInParts.selector;
        selectors[3] = DeliveryHandler.replay.selector;
        selectors[4] = DeliveryHandler.reorder.selector;
        selectors[5] = DeliveryHandler.drop.selector;
        selectors[6] = DeliveryHandler.tamper.selector;
        selectors[7] = DeliveryHandler.retry.selector;
        selectors[8] = DeliveryHandler.deliverWithLittleGas.selector;
        selectors[9] = DeliveryHandler.toggleFaults.selector;
        selectors[10] = DeliveryHandler.pauseAndUnpause.selector;
        selectors[11] = DeliveryHandler.equivocate.selector;
        targetSelector(address(handler), selectors);
        targetContract(address(handler));
    }

    /// hardhat-config: invariant.runs = 12
    /// hardhat-config: invariant.depth = 60
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_eachMessageExactlyOnce() public view {
        for (uint256 i = 0; i < handler.SENDERS(); ++i) {
            address sender = handler.senders(i);
            uint256 delivered = handler.delivered(sender);
            assertEq(gateway.cursor(sender), remote.headAfter(sender, delivered), "cursor");

            uint256 executed;
            uint256 failed;
            for (uint256 k = 1; k <= remote.sent(sender); ++k) {
                bytes32 id = remote.headAfter(sender, k);
                uint256 runs = handler.executionsOf(id);
                uint256 stored = gateway.failed(id) == 0 ? 0 : 1;
                assertEq(runs + stored, k <= delivered ? 1 : 0, "each exactly once");
                executed += runs;
                failed += stored;
            }
            assertEq(executed + failed, delivered, "executed + failed = sent up to the cursor");
        }
    }

    /// @dev Every action of the handler does what it is there for.
    function test_handler_everyAction_succeeds() public {
        for (uint256 round = 0; round < 6; ++round) {
            for (uint256 i = 0; i < 24; ++i) handler.send(round, i, abi.encode("payload", round, i));
            handler.replay(round, 0);
            handler.reorder(round, 0, 1);
            handler.drop(round, round);
            handler.tamper(round, round, 13 * round);
            handler.deliverWithLittleGas(round, 200_000 * round);
            if (round % 2 == 0) handler.deliver(round);
            else handler.deliverInParts(round, 2);
            handler.replay(round, 1);
            handler.toggleFaults();
            handler.retry(round, 0);
            handler.retry(round, 1);
            handler.pauseAndUnpause(round);
            handler.equivocate(round);
        }
        invariant_eachMessageExactlyOnce();
        string[13] memory actions = [
            "sent",
            "delivered",
            "delivered in parts",
            "failed",
            "retried",
            "retry refused",
            "replay refused",
            "reordering refused",
            "dropping refused",
            "tampering refused",
            "little gas refused",
            "refused while paused",
            "refused while frozen"
        ];
        for (uint256 i = 0; i < actions.length; ++i) assertGt(handler.count(actions[i]), 0, actions[i]);
    }
}
