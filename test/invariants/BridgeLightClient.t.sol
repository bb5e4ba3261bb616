// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Gateway} from "../../contracts/bridge/Gateway.sol";
import {HeadProof} from "../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../contracts/bridge/ILightClient.sol";
import {BridgeTest} from "../contracts/bridge/BridgeTest.sol";
import {Seals} from "../../contracts/bridge/Seals.sol";
import {Inbox} from "../support/Recipients.sol";
import {RemoteChain} from "../support/RemoteChain.sol";
import {Test, vm} from "../support/Test.sol";

/// @notice Validators that now and then seal two blocks of one height; few heights, so that blocks meet.
contract LightClientHandler is Test {
    uint256 public constant HEIGHTS = 40;
    uint256 private constant SALTS = 3;

    Gateway private _gateway;
    ILightClient private _client;
    RemoteChain private _remote;
    Inbox private _inbox;
    address private _sender;

    /// @notice Hash of the first sealed block that was shown at a height.
    mapping(uint256 number => bytes32) public firstHashAt;
    bool public equivocated;
    uint256 public deliveredWhileLive;
    mapping(string action => uint256) public count;

    constructor(Gateway gateway, ILightClient client, RemoteChain remote, Inbox inbox, address sender) {
        (_gateway, _client, _remote, _inbox, _sender) = (gateway, client, remote, inbox, sender);
    }

    function update(uint256 numberSeed, uint256 saltSeed) external {
        (uint256 number, HeadProof memory proof) = _block(numberSeed, saltSeed);
        bytes32 hash = keccak256(proof.header);
        bytes memory data = abi.encodeCall(ILightClient.update, (proof.header, proof.seal));
        if (equivocated) {
            _assertRefused(address(_client), data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
            ++count["refused while frozen"];
        } else if (firstHashAt[number] != 0 && firstHashAt[number] != hash) {
            _assertRefused(
                address(_client),
                data,
                abi.encodeWithSelector(
                    ILightClient.LightClient_ConflictingHeader.selector,
                    number,
                    firstHashAt[number],
                    hash
                )
            );
            ++count["conflict refused"];
        } else {
            _client.update(proof.header, proof.seal);
            ++count[firstHashAt[number] == 0 ? "accepted" : "accepted again"];
            firstHashAt[number] = hash;
        }
    }

    /// @dev No seal at all: good for what is held, and for nothing else.
    function updateWithoutSeal(uint256 numberSeed, uint256 saltSeed) external {
        (uint256 number, HeadProof memory proof) = _block(numberSeed, saltSeed);
        bytes32 hash = keccak256(proof.header);
        bytes32 held = firstHashAt[number];
        bytes memory data = abi.encodeCall(ILightClient.update, (proof.header, ""));
        if (equivocated) {
            _assertRefused(address(_client), data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
            ++count["refused while frozen"];
        } else if (held != hash) {
            _assertRefused(
                address(_client),
                data,
                abi.encodeWithSelector(ILightClient.LightClient_HeaderNotHeld.selector, number, held, hash)
            );
            ++count["not held refused"];
        } else {
            _client.update(proof.header, "");
            ++count["accepted without seal"];
        }
    }

    function updateWithoutQuorum(uint256 numberSeed, uint256 saltSeed) external {
        (uint256 number, HeadProof memory proof) = _block(numberSeed, saltSeed);
        bytes memory seal = _remote.seal(number, keccak256(proof.header), 2);
        _assertRefused(
            address(_client),
            abi.encodeCall(ILightClient.update, (proof.header, seal)),
            equivocated
                ? abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector)
                : abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3)
        );
        ++count["no quorum refused"];
    }

    function report(uint256 numberSeed, uint256 saltSeed) external {
        (uint256 number, HeadProof memory proof) = _block(numberSeed, saltSeed);
        bytes32 hash = keccak256(proof.header);
        bytes32 held = firstHashAt[number];
        bytes memory data = abi.encodeCall(ILightClient.reportEquivocation, (proof.header, proof.seal));
        if (equivocated) {
            _assertRefused(address(_client), data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
            ++count["refused while frozen"];
        } else if (held == 0 || held == hash) {
            _assertRefused(
                address(_client),
                data,
                abi.encodeWithSelector(ILightClient.LightClient_NoConflict.selector, number, held, hash)
            );
            ++count["no conflict refused"];
        } else {
            _client.reportEquivocation(proof.header, proof.seal);
            equivocated = true;
            ++count["frozen"];
        }
    }

    /// @dev One message more, delivered with the proof of a block that may be held, new or in conflict.
    function deliver(uint256 numberSeed, uint256 saltSeed) external {
        if (_remote.sent(_sender) == deliveredWhileLive) _remote.send(_sender, address(_inbox), "payload");
        (uint256 number, HeadProof memory proof) = _block(numberSeed, saltSeed);
        bytes32 hash = keccak256(proof.header);
        bytes32 held = firstHashAt[number];
        uint256 end = _remote.sent(_sender);
        bytes memory data = abi.encodeCall(
            Gateway.deliver,
            (
                _sender,
                _remote.headAfter(_sender, deliveredWhileLive),
                _remote.messages(_sender, deliveredWhileLive, end),
                proof
            )
        );
        if (equivocated) {
            _assertRefused(address(_gateway), data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
            ++count["refused while frozen"];
        } else if (held != 0 && held != hash) {
            _assertRefused(
                address(_gateway),
                data,
                abi.encodeWithSelector(ILightClient.LightClient_ConflictingHeader.selector, number, held, hash)
            );
            ++count["conflict refused"];
        } else {
            (bool success, ) = address(_gateway).call(data);
            assertTrue(success, "must be delivered");
            firstHashAt[number] = hash;
            deliveredWhileLive = end;
            ++count["delivered"];
        }
    }

    /// @dev State moves on with every message, so a block of the same number and salt may be another one later.
    function _block(
        uint256 numberSeed,
        uint256 saltSeed
    ) private view returns (uint256 number, HeadProof memory proof) {
        number = bound(numberSeed, 1, HEIGHTS);
        proof = _remote.proveAt(_sender, number, vm.toString(saltSeed % SALTS));
    }

    function _assertRefused(address target, bytes memory data, bytes memory expected) private {
        (bool success, bytes memory returned) = target.call(data);
        assertFalse(success, "must be refused");
        assertEq(returned, expected);
    }
}

/// @notice No light client ever holds two hashes for one height, and nothing is delivered through a frozen one.
contract BridgeLightClientInvariantTest is BridgeTest {
    LightClientHandler internal handler;

    function setUp() public override {
        super.setUp();
        handler = new LightClientHandler(gateway, client, remote, inbox, tradeBook);
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = LightClientHandler.update.selector;
        selectors[1] = LightClientHandler.updateWithoutQuorum.selector;
        selectors[2] = LightClientHandler.report.selector;
        selectors[3] = LightClientHandler.deliver.selector;
        selectors[4] = LightClientHandler.updateWithoutSeal.selector;
        targetSelector(address(handler), selectors);
        targetContract(address(handler));
    }

    /// hardhat-config: invariant.runs = 24
    /// hardhat-config: invariant.depth = 40
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_oneHashPerHeightAndNothingThroughFrozen() public view {
        for (uint256 number = 1; number <= handler.HEIGHTS(); ++number) {
            assertEq(client.blockHashAt(number), handler.firstHashAt(number), "the first hash stays");
        }
        assertEq(client.frozen(), handler.equivocated(), "frozen if and only if two hashes were shown");
        assertEq(inbox.count(), handler.deliveredWhileLive(), "nothing through a frozen one");
        assertEq(gateway.cursor(tradeBook), _headAfter(handler.deliveredWhileLive()));
    }

    /// @dev Every action of the handler does what it is there for.
    function test_handler_everyAction_succeeds() public {
        handler.report(1, 0);
        for (uint256 i = 1; i < 10; ++i) {
            handler.updateWithoutSeal(i, i);
            handler.update(i, i);
            handler.update(i, i);
            handler.updateWithoutSeal(i, i);
            handler.report(i, i);
            handler.update(i, i + 1);
            handler.updateWithoutQuorum(i, i);
            handler.deliver(i, i + 1);
            handler.deliver(20 + i, i);
        }
        invariant_oneHashPerHeightAndNothingThroughFrozen();
        assertFalse(client.frozen());
        handler.report(1, 2);
        assertTrue(client.frozen());
        handler.update(30, 0);
        handler.report(1, 2);
        handler.deliver(30, 0);
        invariant_oneHashPerHeightAndNothingThroughFrozen();

        string[10] memory actions = [
            "accepted without seal",
            "not held refused",
            "accepted",
            "accepted again",
            "conflict refused",
            "no quorum refused",
            "frozen",
            "no conflict refused",
            "delivered",
            "refused while frozen"
        ];
        for (uint256 i = 0; i < actions.length; ++i) assertGt(handler.count(actions[i]), 0, actions[i]);
    }
}
