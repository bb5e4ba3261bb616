// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice An account without a key: it says yes to one hash.
contract Wallet is IERC1271 {
    bytes32 public approved;

    function approve(bytes32 hash) external {
        approved = hash;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        require(hash != 0, "no hash");
        return hash == approved ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice ERC-3009: every signature in both forms, used once, here, in time, by whom it is for.
contract AuthorisationsTest is CoinTest {
    bytes32 internal constant TRANSFER = 0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267;
    bytes32 internal constant RECEIVE = 0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8;
    bytes32 internal constant CANCEL = 0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429;
    bytes32 internal constant NONCE = keccak256("nonce");
    bytes32 internal constant OTHER_NONCE = keccak256("other nonce");

    /// @dev What is signed; tests change a field and hand it in.
    struct Authorisation {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    // ---------------------------------------------------------------------------------------------- both forms

    function test_selectors_areTheStandards() public pure {
        assertEq(uint256(uint32(IERC3009.transferWithAuthorization.selector)), 0xe3ee160e);
        assertEq(uint256(uint32(IERC3009.receiveWithAuthorization.selector)), 0xef55bec6);
        assertEq(uint256(uint32(IERC3009Cancel.cancelAuthorization.selector)), 0x5a049a70);
    }

    function test_transferWithAuthorization_bothForms_succeed() public moneyIsConserved {
        for (uint256 form = 0; form < 2; ++form) {
            Authorisation memory given = _given(aliceSpare);
            given.nonce = bytes32(form);
            assertFalse(coin.authorizationState(alice, given.nonce));
            vm.expectEmit(address(coin));
            emit IERC3009.AuthorizationUsed(alice, given.nonce);
            assertEq(_use(TRANSFER, given, form == 0, stranger), "");
            assertTrue(coin.authorizationState(alice, given.nonce));
        }
        assertEq(coin.balanceOf(aliceSpare), 2);
    }

    function test_receiveWithAuthorization_bothForms_succeed() public moneyIsConserved {
        for (uint256 form = 0; form < 2; ++form) {
            Authorisation memory given = _given(address(custody));
            given.nonce = bytes32(form);
            assertEq(_use(RECEIVE, given, form == 0, address(custody)), "");
        }
        assertEq(coin.balanceOf(address(custody)), 2);
    }

    function test_cancelAuthorization_bothForms_succeed() public moneyIsConserved {
        for (uint256 form = 0; form < 2; ++form) {
            Authorisation memory given = _given(aliceSpare);
            given.nonce = bytes32(form);
            vm.expectEmit(address(coin));
            emit IERC3009Cancel.AuthorizationCanceled(alice, given.nonce);
            assertEq(_cancel(given.nonce, aliceKey, form == 0), "");
            _assertUsed(_use(TRANSFER, given, form == 0, stranger), given.nonce);
            _assertUsed(_cancel(given.nonce, aliceKey, form == 0), given.nonce);
        }
    }

    // ------------------------------------------------------------------------------------------------ only once

    function test_use_twice_reverts() public moneyIsConserved {
        Authorisation memory given = _given(aliceSpare);
        assertEq(_use(TRANSFER, given, true, stranger), "");
        _assertUsed(_use(TRANSFER, given, true, stranger), NONCE);
        _assertUsed(_use(TRANSFER, given, false, stranger), NONCE);
        given.to = address(custody);
        _assertUsed(_use(RECEIVE, given, false, address(custody)), NONCE);
        _assertUsed(_cancel(NONCE, aliceKey, true), NONCE);
    }

    function test_use_onAnotherCoin_reverts() public moneyIsConserved {
        Authorisation memory given = _given(aliceSpare);
        bytes32 digest = _digest(TRANSFER, given);
        coin = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        minted = 0;
        _assertInvalid(_send(TRANSFER, given, _sign(aliceKey, digest), true, stranger));
        _assertInvalid(_send(TRANSFER, given, _sign(aliceKey, digest), false, stranger));
    }

    function test_use_onAnotherChain_reverts() public moneyIsConserved {
        Authorisation memory given = _given(aliceSpare);
        bytes memory signature = _sign(aliceKey, _digest(TRANSFER, given));
        vm.chainId(987_654);
        _assertInvalid(_send(TRANSFER, given, signature, true, stranger));
        _assertInvalid(_send(TRANSFER, given, signature, false, stranger));
        // Signed for the chain as it is now, it counts.
        assertEq(_use(TRANSFER, given, true, stranger), "");
    }

    // -------------------------------------------------------------------------------------------------- in time

    function test_use_atItsBounds_reverts() public moneyIsConserved {
        Authorisation memory given = _given(aliceSpare);
        given.validAfter = MONDAY;
        _assertUntimely(given);
        given.validAfter = MONDAY - 1;
        given.validBefore = MONDAY;
        _assertUntimely(given);
        given.validBefore = MONDAY + 1;
        assertEq(_use(TRANSFER, given, true, stranger), "");
    }

    /// @dev Seconds that look like a range of block numbers are seconds.
    function test_use_boundsWithHighBits_areSeconds() public moneyIsConserved {
        uint256 flag = 1 << 47;
        Authorisation memory given = _given(aliceSpare);
        (given.validAfter, given.validBefore) = (flag, flag | (flag - 1));
        _assertUntimely(given);
        (given.validAfter, given.validBefore) = (0, type(uint256).max);
        assertEq(_use(TRANSFER, given, true, stranger), "");
    }

    // ------------------------------------------------------------------------------------------------- by whom

    function test_receive_anybodyElse_reverts() public moneyIsConserved {
        Authorisation memory given = _given(address(custody));
        bytes memory refused = abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, custody);
        assertEq(_use(RECEIVE, given, true, stranger), refused);
        assertEq(_use(RECEIVE, given, false, stranger), refused);
        assertFalse(coin.authorizationState(alice, NONCE));
    }

    /// @dev Nobody makes a plain transfer of what was signed to be received, or the payee would not notice it.
    function test_transfer_signedToBeReceived_reverts() public moneyIsConserved {
        Authorisation memory given = _given(address(custody));
        bytes memory signature = _sign(aliceKey, _digest(RECEIVE, given));
        _assertInvalid(_send(TRANSFER, given, signature, true, stranger));
        _assertInvalid(_send(TRANSFER, given, signature, false, stranger));
    }

    function testFuzz_use_changedField_reverts(uint256 field, uint256 by) public moneyIsConserved {
        by = bound(by, 1, 1_000);
        Authorisation memory given = _given(aliceSpare);
        bytes memory signature = _sign(aliceKey, _digest(TRANSFER, given));
        field %= 6;
        if (field == 0) given.from = aliceSpare;
        else if (field == 1) given.to = address(uint160(aliceSpare) + uint160(by));
        else if (field == 2) given.value += by;
        else if (field == 3) given.validAfter += by;
        else if (field == 4) given.validBefore += by;
        else given.nonce = bytes32(uint256(given.nonce) ^ by);
        _assertInvalid(_send(TRANSFER, given, signature, true, stranger));
        _assertInvalid(_send(TRANSFER, given, signature, false, stranger));
    }

    function test_use_brokenSignature_reverts() public moneyIsConserved {
        Authorisation memory given = _given(aliceSpare);
        bytes memory signature = _sign(aliceKey, _digest(TRANSFER, given));
        _assertInvalid(_send(TRANSFER, given, "", false, stranger));
        _assertInvalid(_send(TRANSFER, given, bytes.concat(signature, hex"00"), false, stranger));
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory mirrored = abi.encodePacked(r, order - uint256(s), uint8(55 - uint8(signature[64])));
        _assertInvalid(_send(TRANSFER, given, mirrored, false, stranger));
        assertEq(
            _send(TRANSFER, given, mirrored, true, stranger),
            abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, order - uint256(s))
        );
    }

    function test_cancel_anybodyElses_reverts() public moneyIsConserved {
        _assertInvalid(_cancel(NONCE, aliceKey + 1, true));
        _assertInvalid(_cancel(NONCE, aliceKey + 1, false));
        assertFalse(coin.authorizationState(alice, NONCE));
    }

    // ----------------------------------------------------------------------------------- accounts without a key

    function test_use_ofAContract_asksIt() public moneyIsConserved {
        Wallet wallet = _admitWallet();
        Authorisation memory given = _given(address(custody));
        given.from = address(wallet);
        _assertInvalid(_send(TRANSFER, given, "anything", false, stranger));
        wallet.approve(_digest(TRANSFER, given));
        assertEq(_send(TRANSFER, given, "anything", false, stranger), "");
        given.nonce = "received";
        wallet.approve(_digest(RECEIVE, given));
        assertEq(_send(RECEIVE, given, "", false, address(custody)), "");
        assertEq(coin.balanceOf(address(custody)), 2);

        wallet.approve(_hash(keccak256(abi.encode(CANCEL, wallet, OTHER_NONCE))));
        coin.cancelAuthorization(address(wallet), OTHER_NONCE, "");
        assertTrue(coin.authorizationState(address(wallet), OTHER_NONCE));
    }

    /// @dev An owner's key is not the contract's.
    function test_use_ofAContract_signedByAKey_reverts() public moneyIsConserved {
        Wallet wallet = _admitWallet();
        Authorisation memory given = _given(address(custody));
        given.from = address(wallet);
        bytes memory signature = _sign(aliceKey, _digest(TRANSFER, given));
        _assertInvalid(_send(TRANSFER, given, signature, true, stranger));
        _assertInvalid(_send(TRANSFER, given, signature, false, stranger));
    }

    /// @dev A contract that knows no ERC-1271 has said nothing.
    function test_use_ofAContractWithoutAnswer_reverts() public moneyIsConserved {
        Authorisation memory given = _given(alice);
        given.from = address(custody);
        given.value = 0;
        _assertInvalid(_send(TRANSFER, given, "", false, stranger));
    }

    // ------------------------------------------------------------------------------------------------ the rules

    function test_use_againstTheRules_reverts() public moneyIsConserved {
        Authorisation memory toBob = _given(bob);
        bytes memory between = abi.encodeWithSelector(ICompliance.Stablecoin_BetweenEntities.selector, alice, bob);
        assertEq(_use(TRANSFER, toBob, true, stranger), between);
        assertEq(_use(TRANSFER, toBob, false, stranger), between);
        _freeze(alice);
        bytes memory frozen = abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, alice);
        assertEq(_use(TRANSFER, _given(aliceSpare), false, stranger), frozen);
        assertEq(_use(RECEIVE, _given(address(custody)), true, address(custody)), frozen);
        _unfreeze(alice);
        _pause();
        bytes memory paused = abi.encodeWithSelector(Pausable.EnforcedPause.selector);
        assertEq(_use(TRANSFER, _given(aliceSpare), true, stranger), paused);
        _unpause();
        // Refused for a time, not used up; and a system account may hand it in.
        assertEq(_use(TRANSFER, toBob, false, address(custody)), "");
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    function _given(address to) private view returns (Authorisation memory) {
        return Authorisation(alice, to, 1, 0, MONDAY + 1 days, NONCE);
    }

    function _admitWallet() private returns (Wallet wallet) {
        wallet = new Wallet();
        _admit(address(wallet));
        vm.prank(issuer);
        coin.setDestination(minter, address(wallet), true);
        _mint(address(wallet), COINS);
    }

    function _hash(bytes32 message) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), message));
    }

    function _digest(bytes32 kind, Authorisation memory given) private view returns (bytes32) {
        return _hash(keccak256(abi.encode(kind, given))); // the struct's members are static
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @return reason Of the refusal; empty when it went through.
    function _use(
        bytes32 kind,
        Authorisation memory given,
        bool inParts,
        address by
    ) private returns (bytes memory reason) {
        return _send(kind, given, _sign(aliceKey, _digest(kind, given)), inParts, by);
    }

    function _send(
        bytes32 kind,
        Authorisation memory given,
        bytes memory signature,
        bool inParts,
        address by
    ) private returns (bytes memory reason) {
        bytes memory data;
        if (inParts) {
            (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
            bytes4 selector =
                kind == TRANSFER
                    ? IERC3009.transferWithAuthorization.selector
                    : IERC3009.receiveWithAuthorization.selector;
            data = bytes.concat(selector, abi.encode(given), abi.encode(uint8(signature[64]), r, s));
        } else {
            bytes4 selector = kind == TRANSFER ? bytes4(0xcf092995) : bytes4(0x88b7ab63);
            data = bytes.concat(
                selector,
                abi.encode(given),
                abi.encode(uint256(7 * 32), signature.length),
                signature,
                new bytes((32 - (signature.length % 32)) % 32)
            );
        }
        vm.prank(by);
        (bool success, bytes memory result) = address(coin).call(data);
        return success ? bytes("") : result;
    }

    function _cancel(bytes32 nonce, uint256 key, bool inParts) private returns (bytes memory reason) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _hash(keccak256(abi.encode(CANCEL, alice, nonce))));
        bytes memory data =
            inParts
                ? abi.encodeCall(IERC3009Cancel.cancelAuthorization, (alice, nonce, v, r, s))
                : abi.encodeWithSelector(0xb7b72899, alice, nonce, abi.encodePacked(r, s, v));
        (bool success, bytes memory result) = address(coin).call(data);
        return success ? bytes("") : result;
    }

    function _assertInvalid(bytes memory reason) private pure {
        assertEq(reason, abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));
    }

    function _assertUsed(bytes memory reason, bytes32 nonce) private view {
        assertEq(reason, abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, alice, nonce));
    }

    function _assertUntimely(Authorisation memory given) private {
        bytes memory expected = abi.encodeWithSelector(
            ERC3009.ERC3009InvalidAuthorizationTime.selector,
            given.validAfter,
            given.validBefore
        );
        assertEq(_use(TRANSFER, given, true, stranger), expected);
        assertEq(_use(TRANSFER, given, false, stranger), expected);
    }
}
