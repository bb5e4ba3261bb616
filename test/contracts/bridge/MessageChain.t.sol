// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {MessageChainHarness} from "../../support/Harnesses.sol";
import {Test, vm} from "../../support/Test.sol";

contract MessageChainTest is Test {
    MessageChainHarness internal chain;

    function setUp() public {
        chain = new MessageChainHarness();
    }

    function testFuzz_genesis_anyPlace_succeeds(uint256 chainId, address gateway, address sender) public view {
        assertEq(
            chain.genesis(chainId, gateway, sender),
            keccak256(bytes.concat(keccak256("huangpu.message-chain.v1"), abi.encode(chainId, gateway, sender)))
        );
    }

    function testFuzz_genesis_otherPlace_succeeds(uint256 chainId, address gateway, address sender) public view {
        vm.assume(gateway != sender && chainId < type(uint256).max);
        bytes32 genesis = chain.genesis(chainId, gateway, sender);
        assertNotEq(genesis, chain.genesis(chainId + 1, gateway, sender));
        assertNotEq(genesis, chain.genesis(chainId, sender, sender));
        assertNotEq(genesis, chain.genesis(chainId, gateway, gateway));
        assertNotEq(genesis, chain.genesis(chainId, sender, gateway));
    }

    function testFuzz_hash_anyMessage_succeeds(address recipient, bytes calldata payload) public view {
        assertEq(chain.hash(recipient, payload), keccak256(abi.encodePacked(recipient, payload)));
    }

    function testFuzz_append_anyHead_succeeds(bytes32 head, bytes32 messageHash) public view {
        assertEq(chain.append(head, messageHash), keccak256(abi.encode(head, messageHash)));
    }

    function testFuzz_fold_anyHashes_succeeds(bytes32 head, bytes32[] calldata hashes) public view {
        bytes32 expected = head;
        for (uint256 i = 0; i < hashes.length; ++i) expected = keccak256(abi.encode(expected, hashes[i]));
        assertEq(chain.fold(head, hashes), expected);
    }

    function test_fold_nothing_succeeds() public view {
        assertEq(chain.fold(keccak256("head"), new bytes32[](0)), keccak256("head"));
    }

    function testFuzz_headSlot_anySender_succeeds(address sender) public view {
        assertEq(chain.headSlot(sender), keccak256(abi.encode(sender, uint256(0))));
    }
}
