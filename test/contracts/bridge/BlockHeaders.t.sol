// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {BlockHeaders} from "../../../contracts/bridge/BlockHeaders.sol";
import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {BlockSummary} from "../../../contracts/bridge/IHeaderVerifier.sol";
import {BlockHeadersHarness} from "../../support/Harnesses.sol";
import {Test} from "../../support/Test.sol";

contract BlockHeadersTest is Test {
    using RLP for *;

    uint256 internal constant NUMBER = 0x1d68;
    uint256 internal constant TIMESTAMP = 1_800_000_000;
    bytes32 internal constant STATE_ROOT = keccak256("state root");
    bytes internal constant EXTRA_DATA = "extra data";

    BlockHeadersHarness internal reader = new BlockHeadersHarness();
    bytes[] internal fields;

    function setUp() public {
        fields.push(keccak256("parent").encode());
        fields.push(keccak256("ommers").encode());
        fields.push(address(0xC01bA5e).encode());
        fields.push(STATE_ROOT.encode());
        fields.push(keccak256("transactions").encode());
        fields.push(keccak256("receipts").encode());
        fields.push((new bytes(256)).encode());
        fields.push(uint256(1).encode());
        fields.push(NUMBER.encode());
        fields.push(uint256(30_000_000).encode());
        fields.push(uint256(0).encode());
        fields.push(TIMESTAMP.encode());
        fields.push(EXTRA_DATA.encode());
        fields.push(keccak256("mix").encode());
        fields.push((new bytes(8)).encode());
    }

    function test_read_fifteenFields_succeeds() public view {
        bytes memory header = fields.encode();
        (BlockSummary memory summary, bytes memory extraData) = reader.read(header);
        assertEq(summary.number, NUMBER);
        assertEq(summary.timestamp, TIMESTAMP);
        assertEq(summary.stateRoot, STATE_ROOT);
        assertEq(summary.blockHash, keccak256(header));
        assertEq(extraData, EXTRA_DATA);
    }

    function test_read_moreFieldsOfAnyKind_succeeds() public {
        fields.push(uint256(7).encode());
        fields.push((new bytes(60)).encode());
        fields.push(hex"c3010203");
        assertEq(_read().stateRoot, STATE_ROOT);
    }

    function test_read_fewerThanFifteenFields_reverts() public {
        for (uint256 count = 14; count > 0; --count) {
            fields.pop();
            bytes4 expected =
                count > 6
                    ? CalldataRlp.CalldataRlp_Truncated.selector
                    : BlockHeaders.BlockHeaders_MalformedBeginning.selector;
            _assertReverts(fields.encode(), expected);
        }
    }

    function test_read_beginningOfOtherLengths_reverts() public {
        bytes[] memory wrong = new bytes[](7);
        for (uint256 i = 0; i < 7; ++i) wrong[i] = i == 6 ? (new bytes(257)).encode() : (new bytes(31)).encode();
        for (uint256 i = 0; i < 7; ++i) {
            bytes memory right = fields[i];
            fields[i] = wrong[i];
            _assertReverts(fields.encode(), BlockHeaders.BlockHeaders_MalformedBeginning.selector);
            fields[i] = right;
        }
        assertEq(_read().stateRoot, STATE_ROOT);
    }

    function test_read_scalarsOfSixtyFourBits_succeeds() public {
        fields[8] = uint256(type(uint64).max).encode();
        fields[11] = uint256(0).encode();
        assertEq(_read().number, type(uint64).max);
        assertEq(_read().timestamp, 0);
    }

    function test_read_scalarsOutOfRange_reverts() public {
        uint256[2] memory places = [uint256(8), 11];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory right = fields[places[i]];
            fields[places[i]] = (uint256(type(uint64).max) + 1).encode();
            _assertReverts(fields.encode(), BlockHeaders.BlockHeaders_OutOfRange.selector);
            fields[places[i]] = hex"820001";
            _assertReverts(fields.encode(), CalldataRlp.CalldataRlp_InvalidNumber.selector);
            fields[places[i]] = hex"8101";
            _assertReverts(fields.encode(), CalldataRlp.CalldataRlp_NotCanonical.selector);
            fields[places[i]] = hex"c0";
            _assertReverts(fields.encode(), CalldataRlp.CalldataRlp_StringExpected.selector);
            fields[places[i]] = right;
        }
    }

    function test_read_extraDataList_reverts() public {
        fields[12] = hex"c0";
        _assertReverts(fields.encode(), CalldataRlp.CalldataRlp_StringExpected.selector);
    }

    function test_read_malformedLaterField_reverts() public {
        fields.push(hex"8100");
        _assertReverts(fields.encode(), CalldataRlp.CalldataRlp_NotCanonical.selector);
        fields[15] = hex"84ffffff";
        _assertReverts(fields.encode(), CalldataRlp.CalldataRlp_Truncated.selector);
    }

    function test_read_notOneList_reverts() public view {
        bytes memory header = fields.encode();
        _assertReverts("", CalldataRlp.CalldataRlp_Truncated.selector);
        _assertReverts(bytes.concat(header, hex"00"), CalldataRlp.CalldataRlp_TrailingBytes.selector);
        _assertReverts(header.encode(), CalldataRlp.CalldataRlp_ListExpected.selector);
        _assertReverts(hex"c0", BlockHeaders.BlockHeaders_MalformedBeginning.selector);
    }

    /// @dev Whatever is given, it is refused by name, never by a panic or by nothing.
    function testFuzz_read_anything_neverPanics(bytes calldata header) public view {
        _assertNamed(header);
    }

    function testFuzz_read_oneByteChanged_neverPanics(uint256 index, uint8 value, uint256 length) public view {
        bytes memory header = fields.encode();
        header[bound(index, 0, header.length - 1)] = bytes1(value);
        length = bound(length, 0, header.length);
        assembly ("memory-safe") {
            if mod(value, 2) {
                mstore(header, length)
            }
        }
        _assertNamed(header);
    }

    function _assertNamed(bytes memory header) private view {
        try reader.read(header) returns (BlockSummary memory summary, bytes memory) {
            assertEq(summary.blockHash, keccak256(header));
        } catch (bytes memory returned) {
            assertTrue(returned.length >= 4, "an error with a name");
            assertTrue(bytes4(returned) != bytes4(keccak256("Panic(uint256)")), "no panic");
        }
    }

    function _read() private view returns (BlockSummary memory summary) {
        (summary, ) = reader.read(fields.encode());
    }

    function _assertReverts(bytes memory header, bytes4 selector) private view {
        try reader.read(header) returns (BlockSummary memory, bytes memory) {
            assertTrue(false, "the header must be refused");
        } catch (bytes memory returned) {
            assertEq(bytes32(bytes4(returned)), bytes32(selector));
        }
    }
}
