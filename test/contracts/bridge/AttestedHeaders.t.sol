// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {AttestedHeaders} from "../../../contracts/bridge/AttestedHeaders.sol";
import {IAttestedHeaders} from "../../../contracts/bridge/IAttestedHeaders.sol";
import {BlockSummary} from "../../../contracts/bridge/IHeaderVerifier.sol";
import {Seals} from "../../../contracts/bridge/Seals.sol";
import {ValidatorSets} from "../../../contracts/bridge/ValidatorSets.sol";
import {RemoteChain} from "../../support/RemoteChain.sol";
import {vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract AttestedHeadersTest is BridgeTest {
    uint256 internal constant NUMBER = 1_234;
    bytes32 internal constant STATE_ROOT = keccak256("state root");
    uint256 internal constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    bytes internal header;
    bytes32 internal blockHash;
    bytes32 internal digest;
    uint256[] internal keys;

    function setUp() public override {
        super.setUp();
        header = remote.encodeHeader(NUMBER, STATE_ROOT, 21, "");
        blockHash = keccak256(header);
        digest = remote.attestationDigest(REMOTE_CHAIN_ID, NUMBER, blockHash);
        keys = remote.keys();
    }

    // ---------------------------------------------------------------------------------------------- constructor

    function test_constructor_validators_succeeds() public {
        address[] memory validators = remote.validators();
        vm.expectEmit();
        emit IAttestedHeaders.ValidatorsChanged(validators, 3);
        AttestedHeaders deployed = new AttestedHeaders(address(authority), REMOTE_CHAIN_ID, validators);

        assertEq(deployed.chainId(), REMOTE_CHAIN_ID);
        assertEq(deployed.quorum(), 3);
        assertEq(deployed.validators(), validators);
        assertEq(deployed.authority(), address(authority));
    }

    function test_constructor_noValidators_reverts() public {
        vm.expectRevert(ValidatorSets.ValidatorSets_Empty.selector);
        new AttestedHeaders(address(authority), REMOTE_CHAIN_ID, new address[](0));
    }

    function test_constructor_zeroValidator_reverts() public {
        address[] memory validators = remote.validators();
        validators[0] = address(0);
        _assertNotAscending(validators, address(0), address(0));
    }

    function test_constructor_duplicateValidator_reverts() public {
        address[] memory validators = remote.validators();
        validators[2] = validators[1];
        _assertNotAscending(validators, validators[1], validators[1]);
    }

    function test_constructor_unsortedValidators_reverts() public {
        address[] memory validators = remote.validators();
        (validators[2], validators[3]) = (validators[3], validators[2]);
        _assertNotAscending(validators, validators[2], validators[3]);
    }

    /// @dev ⌈2n/3⌉, and not one less.
    function test_quorum_oneToThirtyValidators_succeeds() public {
        uint8[30] memory quorums = [
            1,
            2,
            2,
            3,
            4,
            4,
            5,
            6,
            6,
            7,
            8,
            8,
            9,
            10,
            10,
            11,
            12,
            12,
            13,
            14,
            14,
            15,
            16,
            16,
            17,
            18,
            18,
            19,
            20,
            20
        ];
        for (uint256 n = 1; n <= 30; ++n) {
            RemoteChain chain = new RemoteChain(n, remoteGateway, n);
            AttestedHeaders deployed = new AttestedHeaders(address(authority), n, chain.validators());
            uint256 quorum = quorums[n - 1];
            assertEq(deployed.quorum(), quorum);
            assertEq(deployed.verify(header, chain.seal(NUMBER, blockHash, quorum)).blockHash, blockHash);
            _assertReverts(
                address(deployed),
                abi.encodeCall(AttestedHeaders.verify, (header, chain.seal(NUMBER, blockHash, quorum - 1))),
                abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, quorum - 1, quorum)
            );
        }
    }

    // --------------------------------------------------------------------------------------------------- verify

    function test_verify_quorum_succeeds() public view {
        BlockSummary memory summary = verifier.verify(header, remote.seal(NUMBER, blockHash, 3));
        assertEq(summary.number, NUMBER);
        assertEq(summary.blockHash, blockHash);
        assertEq(summary.stateRoot, STATE_ROOT);
    }

    function test_verify_allValidators_succeeds() public view {
        assertEq(verifier.verify(header, remote.seal(NUMBER, blockHash, 4)).blockHash, blockHash);
    }

    function test_verify_anyThreeOfFour_succeeds() public view {
        for (uint256 absent = 0; absent < 4; ++absent) {
            bytes memory seal;
            for (uint256 i = 0; i < 4; ++i) if (i != absent) seal = bytes.concat(seal, remote.attest(keys[i], digest));
            assertEq(verifier.verify(header, seal).blockHash, blockHash);
        }
    }

    function test_verify_twoOfFour_reverts() public {
        _assertNotVerified(
            remote.seal(NUMBER, blockHash, 2),
            abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3)
        );
    }

    function test_verify_emptySeal_reverts() public {
        _assertNotVerified("", abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 0, 3));
    }

    function test_verify_signedTwiceByOne_reverts() public {
        address second = vm.addr(keys[1]);
        _assertNotVerified(
            bytes.concat(_attest(0), _attest(1), _attest(1)),
            abi.encodeWithSelector(Seals.Seals_SignersNotAscending.selector, second, second)
        );
    }

    function test_verify_signersUnsorted_reverts() public {
        _assertNotVerified(
            bytes.concat(_attest(0), _attest(2), _attest(1)),
            abi.encodeWithSelector(Seals.Seals_SignersNotAscending.selector, vm.addr(keys[2]), vm.addr(keys[1]))
        );
    }

    function test_verify_signedByStranger_reverts() public {
        (address outsider, uint256 key) = _outsider();
        _assertNotVerified(
            bytes.concat(_attest(0), _attest(1), remote.attest(key, digest)),
            abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, outsider)
        );
    }

    /// @dev A stranger does not make a quorum invalid by being counted on top either.
    function test_verify_strangerBesideQuorum_reverts() public {
        (address outsider, uint256 key) = _outsider();
        _assertNotVerified(
            bytes.concat(remote.seal(NUMBER, blockHash, 3), remote.attest(key, digest)),
            abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, outsider)
        );
    }

    function test_verify_attestedForOtherChain_reverts() public {
        _assertDigestRefused(remote.attestationDigest(block.chainid, NUMBER, blockHash));
    }

    function test_verify_attestedForOtherNumber_reverts() public {
        _assertDigestRefused(remote.attestationDigest(REMOTE_CHAIN_ID, NUMBER + 1, blockHash));
    }

    function test_verify_attestedForOtherHash_reverts() public {
        _assertDigestRefused(remote.attestationDigest(REMOTE_CHAIN_ID, NUMBER, ~blockHash));
    }

    function test_verify_signedBlockHashAlone_reverts() public {
        _assertDigestRefused(blockHash);
    }

    function test_verify_highS_reverts() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[2], digest);
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        _assertNotVerified(
            bytes.concat(_attest(0), _attest(1), abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27))),
            abi.encodeWithSelector(Seals.Seals_HighS.selector, high)
        );
    }

    function test_verify_invalidRecoveryId_reverts() public {
        (, bytes32 r, bytes32 s) = vm.sign(keys[2], digest);
        _assertNotVerified(
            bytes.concat(_attest(0), _attest(1), abi.encodePacked(r, s, uint8(29))),
            abi.encodeWithSelector(Seals.Seals_InvalidRecoveryId.selector, 29)
        );
    }

    function testFuzz_verify_malformedSealLength_reverts(uint256 length) public {
        length = bound(length, 1, 1_000);
        vm.assume(length % 65 != 0);
        _assertNotVerified(new bytes(length), abi.encodeWithSelector(Seals.Seals_MalformedLength.selector, length));
    }

    /// @dev One changed bit of a signature makes another signer of it, or no signature at all.
    function testFuzz_verify_sealBitFlipped_reverts(uint256 bit) public {
        bytes memory seal = remote.seal(NUMBER, blockHash);
        bit = bound(bit, 0, seal.length * 8 - 1);
        seal[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        (bool success, bytes memory returned) = address(verifier).call(
            abi.encodeCall(AttestedHeaders.verify, (header, seal))
        );
        assertFalse(success);
        bytes4 selector = bytes4(returned);
        assertTrue(
            selector == Seals.Seals_UnknownValidator.selector ||
                selector == Seals.Seals_SignersNotAscending.selector ||
                selector == Seals.Seals_InvalidRecoveryId.selector ||
                selector == Seals.Seals_NoSigner.selector ||
                selector == Seals.Seals_HighS.selector
        );
    }

    function testFuzz_attestationDigest_anyBlock_succeeds(uint256 number, bytes32 hash_) public view {
        assertEq(verifier.attestationDigest(number, hash_), remote.attestationDigest(REMOTE_CHAIN_ID, number, hash_));
    }

    // -------------------------------------------------------------------------------------------- setValidators

    function test_setValidators_afterDelay_succeeds() public {
        RemoteChain next = new RemoteChain(REMOTE_CHAIN_ID + 1, remoteGateway, 7);
        bytes memory data = abi.encodeCall(AttestedHeaders.setValidators, (next.validators()));

        vm.prank(validatorAdmin);
        authority.schedule(address(verifier), data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY);
        vm.expectEmit(address(verifier));
        emit IAttestedHeaders.ValidatorsChanged(next.validators(), 5);
        vm.prank(validatorAdmin);
        authority.execute(address(verifier), data);

        assertEq(verifier.validators(), next.validators());
        assertEq(verifier.quorum(), 5);

        bytes memory seal;
        for (uint256 i = 0; i < 5; ++i) seal = bytes.concat(seal, remote.attest(next.keys()[i], digest));
        assertEq(verifier.verify(header, seal).blockHash, blockHash);

        bytes memory former = remote.seal(NUMBER, blockHash, 4);
        _assertNotVerified(former, abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 4, 5));
        _assertNotVerified(
            bytes.concat(former, remote.attest(keys[3], digest)),
            abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, vm.addr(keys[0]))
        );
    }

    /// @dev Somebody in both sets stays a validator, though the old set is taken out first.
    function test_setValidators_overlappingSets_succeeds() public {
        address[] memory remaining = new address[](2);
        (remaining[0], remaining[1]) = (vm.addr(keys[1]), vm.addr(keys[3]));
        _afterDelay(address(verifier), abi.encodeCall(AttestedHeaders.setValidators, (remaining)));

        assertEq(verifier.validators(), remaining);
        assertEq(verifier.verify(header, bytes.concat(_attest(1), _attest(3))).blockHash, blockHash);
    }

    function test_setValidators_withoutSchedule_reverts() public {
        bytes memory data = abi.encodeCall(AttestedHeaders.setValidators, (remote.validators()));
        _assertRevertsFrom(
            validatorAdmin,
            address(verifier),
            data,
            abi.encodeWithSelector(
                IAccessManager.AccessManagerNotScheduled.selector,
                authority.hashOperation(validatorAdmin, address(verifier), data)
            )
        );
    }

    function test_setValidators_beforeDelay_reverts() public {
        bytes memory data = abi.encodeCall(AttestedHeaders.setValidators, (remote.validators()));
        vm.prank(validatorAdmin);
        authority.schedule(address(verifier), data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY - 1);
        _assertRevertsFrom(
            validatorAdmin,
            address(authority),
            abi.encodeCall(authority.execute, (address(verifier), data)),
            abi.encodeWithSelector(
                IAccessManager.AccessManagerNotReady.selector,
                authority.hashOperation(validatorAdmin, address(verifier), data)
            )
        );
    }

    function test_setValidators_byOthers_reverts() public {
        address[3] memory others = [stranger, operator, guardian];
        for (uint256 i = 0; i < others.length; ++i) {
            _assertRevertsFrom(
                others[i],
                address(verifier),
                abi.encodeCall(AttestedHeaders.setValidators, (remote.validators())),
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[i])
            );
        }
    }

    function test_setValidators_noValidators_reverts() public {
        _assertSetReverts(new address[](0), abi.encodeWithSelector(ValidatorSets.ValidatorSets_Empty.selector));
    }

    function test_setValidators_unsorted_reverts() public {
        address[] memory validators = new address[](2);
        (validators[0], validators[1]) = (address(2), address(1));
        _assertSetReverts(
            validators,
            abi.encodeWithSelector(ValidatorSets.ValidatorSets_NotAscending.selector, address(2), address(1))
        );
    }

    // ------------------------------------------------------------------------------------------------- internal

    /// @dev Somebody whose address is above the validators', so that only that he is none is wrong.
    function _outsider() private returns (address outsider, uint256 key) {
        for (uint256 i = 0; outsider < vm.addr(keys[3]); ++i) (outsider, key) = makeAddrAndKey(vm.toString(i));
    }

    function _attest(uint256 index) private view returns (bytes memory) {
        return remote.attest(keys[index], digest);
    }

    function _assertNotVerified(bytes memory seal, bytes memory expected) private {
        _assertReverts(address(verifier), abi.encodeCall(AttestedHeaders.verify, (header, seal)), expected);
    }

    /// @dev Signed by everybody, but not what had to be: it looks like somebody else's signature.
    function _assertDigestRefused(bytes32 signed) private {
        bytes memory seal;
        for (uint256 i = 0; i < 4; ++i) seal = bytes.concat(seal, remote.attest(keys[i], signed));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], signed);
        _assertNotVerified(
            seal,
            abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, ecrecover(digest, v, r, s))
        );
    }

    function _assertNotAscending(address[] memory validators, address previous, address validator) private {
        bytes4 selector = ValidatorSets.ValidatorSets_NotAscending.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, previous, validator));
        new AttestedHeaders(address(authority), REMOTE_CHAIN_ID, validators);
    }

    function _assertSetReverts(address[] memory validators, bytes memory expected) private {
        bytes memory data = abi.encodeCall(AttestedHeaders.setValidators, (validators));
        vm.prank(validatorAdmin);
        authority.schedule(address(verifier), data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY);
        _assertRevertsFrom(
            validatorAdmin,
            address(authority),
            abi.encodeCall(authority.execute, (address(verifier), data)),
            expected
        );
    }
}
