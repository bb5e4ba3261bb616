// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {QbftHeaders} from "../../../contracts/bridge/QbftHeaders.sol";
import {QbftChain} from "../../support/QbftChain.sol";
import {BridgeTest} from "./BridgeTest.sol";

/// @notice Four validators of a QBFT chain, followed by a verifier. Every block here is synthetic.
abstract contract QbftTest is BridgeTest {
    using QbftChain for QbftChain.Spec;

    uint256 internal constant NUMBER = 7_528;
    uint256 internal constant PERIOD = 30 days;

    QbftHeaders internal qbft;
    uint256[] internal keys;

    function setUp() public virtual override {
        super.setUp();
        keys = QbftChain.keys(0, 4);
        qbft = _newVerifier(keys);
        _restrict(address(qbft), QbftHeaders.setValidators.selector, VALIDATOR_ADMIN);
    }

    function _newVerifier(uint256[] memory validatorKeys) internal returns (QbftHeaders) {
        return new QbftHeaders(address(authority), REMOTE_CHAIN_ID, QbftChain.addresses(validatorKeys), PERIOD);
    }

    function _block(uint256 number) internal view returns (QbftChain.Spec memory) {
        return QbftChain.spec(number, keys);
    }

    function _verifyCall(bytes memory header, bytes memory seal) internal pure returns (bytes memory) {
        return abi.encodeCall(QbftHeaders.verify, (header, seal));
    }

    function _assertNotVerified(bytes memory header, bytes memory seal, bytes memory expected) internal {
        _assertReverts(address(qbft), _verifyCall(header, seal), expected);
    }

    function _assertNotConfirmed(QbftChain.Spec memory spec, bytes memory expected) internal {
        _assertReverts(address(qbft), _confirmCall(spec), expected);
    }

    function _confirmCall(QbftChain.Spec memory spec) internal pure returns (bytes memory) {
        return abi.encodeCall(QbftHeaders.confirmValidators, (spec.signed(), spec.quorumSeal()));
    }

    function _confirm(QbftChain.Spec memory spec) internal {
        qbft.confirmValidators(spec.signed(), spec.quorumSeal());
    }

    /// @dev Whatever comes back has a name, and is no panic.
    function _assertNamed(bytes memory returned) internal pure {
        assertTrue(returned.length >= 4, "an error with a name");
        assertTrue(bytes4(returned) != bytes4(keccak256("Panic(uint256)")), "no panic");
    }
}
