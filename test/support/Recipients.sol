// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @notice Remembers what it received, in order.
contract Inbox is IERC7786Recipient {
    struct Received {
        address gateway;
        bytes32 receiveId;
        bytes sender;
        bytes payload;
    }

    Received[] private _received;

    function receiveMessage(
        bytes32 receiveId,
        bytes calldata sender,
        bytes calldata payload
    ) external payable virtual returns (bytes4) {
        return _accept(receiveId, sender, payload);
    }

    function count() external view returns (uint256) {
        return _received.length;
    }

    function received(uint256 index) external view returns (Received memory) {
        return _received[index];
    }

    function _accept(bytes32 receiveId, bytes calldata sender, bytes calldata payload) internal returns (bytes4) {
        _received.push(Received(msg.sender, receiveId, sender, payload));
        return IERC7786Recipient.receiveMessage.selector;
    }
}

/// @notice Reverts with what it is told to, until it is told to work.
contract FaultyInbox is Inbox {
    bytes public fault = "out of order";

    function setFault(bytes calldata fault_) external {
        fault = fault_;
    }

    function receiveMessage(
        bytes32 receiveId,
        bytes calldata sender,
        bytes calldata payload
    ) external payable override returns (bytes4) {
        bytes memory reason = fault;
        if (reason.length == 0) return _accept(receiveId, sender, payload);
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}

/// @notice Uses up all gas that it is given.
contract GasBurner is IERC7786Recipient {
    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @notice Returns, or reverts with, as much as its gas allows: the first word is the selector that means success.
contract ReturnBomb is IERC7786Recipient {
    uint256 public immutable size;
    bool public immutable reverting;

    constructor(uint256 size_, bool reverting_) {
        size = size_;
        reverting = reverting_;
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        bytes4 selector = IERC7786Recipient.receiveMessage.selector;
        (uint256 length, bool fails) = (size, reverting);
        assembly {
            mstore(0, selector)
            mstore(0x40, 0)
            if fails {
                revert(0, length)
            }
            return(0, length)
        }
    }
}

/// @notice Answers with a word of one's choice, cut to a length of one's choice.
contract Answerer {
    bytes32 public answer;
    uint256 public length;

    function setAnswer(bytes32 answer_, uint256 length_) external {
        (answer, length) = (answer_, length_);
    }

    fallback() external {
        (bytes32 word, uint256 size) = (answer, length);
        assembly {
            mstore(0, word)
            return(0, size)
        }
    }
}

/// @notice Makes a call of its own when it receives a message, and remembers how that went.
contract Reentrant is IERC7786Recipient {
    address public target;
    bytes public data;
    bool public bubbling;
    bool public called;
    bytes public outcome;

    function setCall(address target_, bytes calldata data_, bool bubbling_) external {
        (target, data, bubbling) = (target_, data_, bubbling_);
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        bool success;
        (success, outcome) = target.call(data);
        called = true;
        if (!success && bubbling) {
            bytes memory reason = outcome;
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
        return IERC7786Recipient.receiveMessage.selector;
    }
}

/// @notice Fails when it gets less gas than promised, as a careful deliverer's recipient never does.
contract GasMeter is IERC7786Recipient {
    uint256 public immutable promised;
    uint256 public executions;

    error GasMeter_TooLittle(uint256 given);

    /// @param promised_ What a message may use, less what is spent until the first line here.
    constructor(uint256 promised_) {
        promised = promised_;
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        uint256 given = gasleft();
        require(given >= promised, GasMeter_TooLittle(given));
        ++executions;
        return IERC7786Recipient.receiveMessage.selector;
    }
}
