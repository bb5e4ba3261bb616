// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {BlockHeaders} from "../../../contracts/bridge/BlockHeaders.sol";
import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {BlockSummary} from "../../../contracts/bridge/IHeaderVerifier.sol";
import {IQbftHeaders} from "../../../contracts/bridge/IQbftHeaders.sol";
import {QbftBlocks} from "../../../contracts/bridge/QbftBlocks.sol";
import {QbftHeaders} from "../../../contracts/bridge/QbftHeaders.sol";
import {Seals} from "../../../contracts/bridge/Seals.sol";
import {ValidatorSets} from "../../../contracts/bridge/ValidatorSets.sol";
import {QbftChain} from "../../support/QbftChain.sol";
import {vm} from "../../support/Test.sol";
import {QbftTest} from "./QbftTest.sol";

contract QbftHeadersTest is QbftTest {
    using QbftChain for QbftChain.Spec;
    using RLP for *;

    uint256 internal constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    // --------------------------------------------------------------------------------------------------- verify

    function test_verify_sealedBlock_succeeds() public view {
        QbftChain.Spec memory spec = _block(NUMBER);
        BlockSummary memory summary = qbft.verify(spec.signed(), spec.quorumSeal());
        assertEq(summary.number, NUMBER);
        assertEq(summary.blockHash, spec.blockHash());
        assertEq(summary.stateRoot, spec.stateRoot);
        assertEq(summary.timestamp, START);
        assertEq(qbft.summarize(spec.signed()).blockHash, summary.blockHash);
        assertEq(qbft.chainId(), REMOTE_CHAIN_ID);
    }

    /// @dev The hash is the same in every round, of one byte to four, and the signatures are not.
    function test_verify_anyRound_succeeds() public {
        uint32[10] memory rounds = [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 24, type(uint32).max];
        bytes memory former;
        for (uint256 i = 0; i < rounds.length; ++i) {
            QbftChain.Spec memory spec = _block(NUMBER);
            spec.round = rounds[i];
            assertEq(qbft.verify(spec.signed(), spec.quorumSeal()).blockHash, _block(NUMBER).blockHash());
            if (i > 0) {
                (bool success, bytes memory returned) = address(qbft).call(_verifyCall(spec.signed(), former));
                assertFalse(success, "signatures of another round");
                _assertNamed(returned);
            }
            former = spec.quorumSeal();
        }
    }

    /// @dev Where a shorter round makes the lengths of the header and of its extra data take fewer bytes.
    function test_verify_roundAcrossLengthBoundaries_succeeds() public {
        for (uint256 count = 1; count <= 30; ++count) {
            QbftHeaders verifier = _newVerifier(QbftChain.keys(0, count));
            QbftChain.Spec memory spec = QbftChain.spec(NUMBER, QbftChain.keys(0, count));
            spec.round = type(uint32).max;
            assertEq(verifier.verify(spec.signed(), spec.quorumSeal()).blockHash, spec.blockHash());
        }
    }

    function test_verify_roundOfFiveBytes_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        spec.round = 1 << 32;
        _assertNotVerified(
            spec.signed(),
            spec.quorumSeal(),
            abi.encodeWithSelector(QbftBlocks.QbftBlocks_InvalidRound.selector, spec.round)
        );
    }

    function test_verify_anyFieldCount_succeeds() public view {
        QbftChain.Spec memory spec = _block(NUMBER);
        for (spec.fieldCount = 15; spec.fieldCount <= 24; ++spec.fieldCount) {
            assertEq(qbft.verify(spec.signed(), spec.quorumSeal()).blockHash, spec.blockHash());
        }
    }

    function test_verify_votes_succeeds() public view {
        QbftChain.Spec memory spec = _block(NUMBER);
        spec.vote = abi.encodePacked(hex"d794", stranger, hex"81ff");
        assertEq(qbft.verify(spec.signed(), spec.quorumSeal()).blockHash, spec.blockHash());
        spec.vote = abi.encodePacked(hex"d694", stranger, hex"80");
        assertEq(qbft.verify(spec.signed(), spec.quorumSeal()).blockHash, spec.blockHash());
    }

    function test_verify_malformedVote_reverts() public {
        bytes[5] memory votes = [
            abi.encodePacked(hex"d694", stranger, hex"00"),
            abi.encodePacked(hex"d694", stranger, hex"7f"),
            abi.encodePacked(hex"d894", stranger, hex"82ffff"),
            abi.encodePacked(hex"d794", stranger, hex"8080"),
            abi.encodePacked(hex"d894", stranger, hex"81ff80")
        ];
        for (uint256 i = 0; i < votes.length; ++i) {
            QbftChain.Spec memory spec = _block(NUMBER);
            spec.vote = votes[i];
            _assertExtraDataRefused(spec.extraItems(), QbftBlocks.QbftBlocks_MalformedVote.selector);
        }
        QbftChain.Spec memory shortVote = _block(NUMBER);
        shortVote.vote = abi.encodePacked(hex"d594", stranger);
        _assertExtraDataRefused(shortVote.extraItems(), CalldataRlp.CalldataRlp_Truncated.selector);
        shortVote.vote = hex"c3821234";
        _assertExtraDataRefused(shortVote.extraItems(), CalldataRlp.CalldataRlp_LengthMismatch.selector);
        // How IBFT 2.0 writes that there is no vote.
        shortVote.vote = hex"80";
        _assertExtraDataRefused(shortVote.extraItems(), CalldataRlp.CalldataRlp_ListExpected.selector);
    }

    /// @dev ⌈2n/3⌉, and not one less: rounding down would take 2 of 4, and none at all of 1.
    function test_verify_quorumOfOneToThirty_succeeds() public {
        for (uint256 n = 1; n <= 30; ++n) {
            QbftChain.Spec memory spec = QbftChain.spec(NUMBER, QbftChain.keys(0, n));
            QbftHeaders verifier = _newVerifier(spec.keys);
            uint256 quorum = (2 * n) / 3 + ((2 * n) % 3 == 0 ? 0 : 1);
            assertEq(verifier.quorum(), quorum);
            assertEq(verifier.verify(spec.signed(), spec.seal(0, quorum)).blockHash, spec.blockHash());
            assertEq(verifier.verify(spec.signed(), spec.seal(n - quorum, n)).blockHash, spec.blockHash());
            _assertReverts(
                address(verifier),
                _verifyCall(spec.signed(), spec.seal(0, quorum - 1)),
                abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, quorum - 1, quorum)
            );
        }
    }

    function test_verify_duplicateSigner_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        address second = vm.addr(keys[1]);
        _assertNotVerified(
            spec.signed(),
            bytes.concat(spec.seal(0, 2), spec.seal(1, 2)),
            abi.encodeWithSelector(Seals.Seals_SignersNotAscending.selector, second, second)
        );
    }

    function test_verify_signersUnsorted_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        _assertNotVerified(
            spec.signed(),
            bytes.concat(spec.seal(1, 3), spec.seal(0, 1)),
            abi.encodeWithSelector(Seals.Seals_SignersNotAscending.selector, vm.addr(keys[2]), vm.addr(keys[0]))
        );
    }

    function test_verify_strangersSeal_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        uint256[] memory five = QbftChain.keys(0, 5);
        bytes memory seal;
        uint256 outsider;
        for (uint256 i = 0; i < 5; ++i) {
            seal = bytes.concat(seal, QbftChain.sign(five[i], keccak256(spec.signed())));
            if (i == 4 || five[i] != keys[i]) {
                outsider = outsider == 0 ? five[i] : outsider;
            }
        }
        _assertNotVerified(
            spec.signed(),
            seal,
            abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, vm.addr(outsider))
        );
    }

    function test_verify_highS_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[2], keccak256(spec.signed()));
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        _assertNotVerified(
            spec.signed(),
            bytes.concat(spec.seal(0, 2), abi.encodePacked(r, high, uint8(28 - v))),
            abi.encodeWithSelector(Seals.Seals_HighS.selector, high)
        );
    }

    function test_verify_recoveryIdOfWallets_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        for (uint8 v = 2; v < 30; ++v) {
            (, bytes32 r, bytes32 s) = vm.sign(keys[2], keccak256(spec.signed()));
            _assertNotVerified(
                spec.signed(),
                bytes.concat(spec.seal(0, 2), abi.encodePacked(r, s, v)),
                abi.encodeWithSelector(Seals.Seals_InvalidRecoveryId.selector, v)
            );
        }
    }

    function test_verify_noSignature_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        _assertNotVerified(
            spec.signed(),
            bytes.concat(spec.seal(0, 2), new bytes(65)),
            abi.encodeWithSelector(Seals.Seals_NoSigner.selector, 2)
        );
    }

    function test_verify_sealOfOtherLength_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        bytes memory seal = bytes.concat(spec.quorumSeal(), hex"00");
        _assertNotVerified(
            spec.signed(),
            seal,
            abi.encodeWithSelector(Seals.Seals_MalformedLength.selector, seal.length)
        );
    }

    /// @dev A genesis block has nobody's seal.
    function test_verify_genesis_reverts() public {
        QbftChain.Spec memory spec = _block(0);
        _assertNotVerified(spec.signed(), "", abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 0, 3));
    }

    function test_verify_otherValidators_reverts() public {
        QbftChain.Spec memory spec = QbftChain.spec(NUMBER, QbftChain.keys(0, 5));
        _assertNotVerified(
            spec.signed(),
            spec.quorumSeal(),
            abi.encodeWithSelector(
                IQbftHeaders.QbftHeaders_OtherValidators.selector,
                keccak256(abi.encodePacked(QbftChain.addresses(keys))),
                keccak256(abi.encodePacked(QbftChain.addresses(spec.keys)))
            )
        );
    }

    // ----------------------------------------------------------------------------------------------- extra data

    function test_verify_validatorContract_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        items[1] = hex"c0";
        _assertExtraDataRefused(items, QbftBlocks.QbftBlocks_ContractMode.selector);
    }

    function test_verify_validatorsUnsorted_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        (spec.keys[0], spec.keys[1]) = (spec.keys[1], spec.keys[0]);
        _assertExtraDataRefused(spec.extraItems(), ValidatorSets.ValidatorSets_NotAscending.selector);
        spec.keys[0] = spec.keys[1];
        _assertExtraDataRefused(spec.extraItems(), ValidatorSets.ValidatorSets_NotAscending.selector);
    }

    function test_verify_zeroValidator_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        items[1] = abi.encodePacked(hex"d594", address(0));
        _assertExtraDataRefused(items, ValidatorSets.ValidatorSets_NotAscending.selector);
    }

    function test_verify_validatorOfOtherLength_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        items[1] = hex"c3821234";
        _assertExtraDataRefused(items, CalldataRlp.CalldataRlp_LengthMismatch.selector);
    }

    function test_verify_vanityOfOtherLength_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        items[0] = (new bytes(31)).encode();
        _assertExtraDataRefused(items, CalldataRlp.CalldataRlp_LengthMismatch.selector);
    }

    /// @dev As IBFT 2.0 writes it, and as no scalar may be written.
    function test_verify_roundWithLeadingZeros_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        items[3] = hex"8400000001";
        _assertExtraDataRefused(items, CalldataRlp.CalldataRlp_InvalidNumber.selector);
        items[3] = hex"00";
        _assertExtraDataRefused(items, CalldataRlp.CalldataRlp_InvalidNumber.selector);
    }

    function test_verify_sealsInside_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        items[4] = hex"c180";
        _assertExtraDataRefused(items, QbftBlocks.QbftBlocks_SealsInside.selector);
        items[4] = hex"80";
        _assertExtraDataRefused(items, CalldataRlp.CalldataRlp_ListExpected.selector);
    }

    function test_verify_otherNumberOfItems_reverts() public {
        bytes[] memory items = _block(NUMBER).extraItems();
        bytes[] memory more = new bytes[](6);
        for (uint256 i = 0; i < 5; ++i) more[i] = items[i];
        more[5] = hex"80";
        _assertExtraDataRefused(more, QbftBlocks.QbftBlocks_MoreThanFiveItems.selector);
        bytes[] memory fewer = new bytes[](4);
        for (uint256 i = 0; i < 4; ++i) fewer[i] = items[i];
        _assertExtraDataRefused(fewer, CalldataRlp.CalldataRlp_Truncated.selector);
    }

    function test_verify_noQbftExtraData_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        _assertRefused(spec.header(""), CalldataRlp.CalldataRlp_Truncated.selector);
        _assertRefused(spec.header(new bytes(97)), CalldataRlp.CalldataRlp_ListExpected.selector);
        bytes memory trailing = bytes.concat(spec.extraItems().encode(), hex"80");
        _assertRefused(spec.header(trailing), CalldataRlp.CalldataRlp_TrailingBytes.selector);
    }

    function test_verify_malformedHeader_reverts() public {
        _assertRefused("", CalldataRlp.CalldataRlp_Truncated.selector);
        _assertRefused(hex"c0", BlockHeaders.BlockHeaders_MalformedBeginning.selector);
    }

    // -------------------------------------------------------------------------------------------- any bytes

    function testFuzz_verify_oneByteChanged_reverts(uint256 index, uint8 difference, uint8 round) public {
        QbftChain.Spec memory spec = _block(NUMBER);
        spec.round = round;
        bytes memory header = spec.signed();
        index = bound(index, 0, header.length - 1);
        vm.assume(difference != 0);
        header[index] ^= bytes1(difference);
        (bool success, bytes memory returned) = address(qbft).call(_verifyCall(header, spec.quorumSeal()));
        assertFalse(success);
        _assertNamed(returned);
    }

    function testFuzz_verify_anything_neverPanics(bytes calldata header, bytes calldata seal) public {
        (bool success, bytes memory returned) = address(qbft).call(_verifyCall(header, seal));
        assertFalse(success);
        _assertNamed(returned);
        (success, returned) = address(qbft).call(abi.encodeCall(QbftHeaders.confirmValidators, (header, seal)));
        assertFalse(success);
        _assertNamed(returned);
    }

    function testFuzz_summarize_anyExtraData_neverPanics(bytes calldata extraData) public {
        bytes memory header = _block(NUMBER).header(extraData);
        (bool success, bytes memory returned) = address(qbft).call(abi.encodeCall(QbftHeaders.summarize, (header)));
        assertFalse(success);
        _assertNamed(returned);
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _assertExtraDataRefused(bytes[] memory items, bytes4 selector) private {
        _assertRefused(_block(NUMBER).header(items.encode()), selector);
    }

    /// @dev With the seals of all validators over just these bytes.
    function _assertRefused(bytes memory header, bytes4 selector) private {
        bytes memory seal;
        for (uint256 i = 0; i < 4; ++i) seal = bytes.concat(seal, QbftChain.sign(keys[i], keccak256(header)));
        (bool success, bytes memory returned) = address(qbft).call(_verifyCall(header, seal));
        assertFalse(success);
        assertEq(bytes32(bytes4(returned)), bytes32(selector));
    }
}
