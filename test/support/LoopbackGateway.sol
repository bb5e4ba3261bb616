// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource, IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {Lane} from "../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../contracts/bridge/ILightClient.sol";

/// @title Both ends of a lane in one EVM
/// @notice Keeps what is sent, in order, and hands it over when told to. Proves nothing.
contract LoopbackGateway is IERC7786GatewaySource {
    struct Message {
        address sender;
        address recipient;
        bytes payload;
    }

    /// @notice How many messages were handed over.
    uint256 public delivered;
    /// @notice What {lane} answers, to those who prove facts by themselves.
    ILightClient public lightClient;
    bool public paused;
    Message[] private _messages;
    mapping(address account => uint256) private _chainIdOf;

    error LoopbackGateway_WrongChain(uint256 chainId, address recipient);

    /// @notice Says on which chain an account is.
    function place(address account, uint256 chainId) external {
        _chainIdOf[account] = chainId;
    }

    function follow(ILightClient client) external {
        lightClient = client;
    }

    function setPaused(bool value) external {
        paused = value;
    }

    function lane() external view returns (Lane memory) {
        address remote = address(lightClient) == address(0) ? address(0) : address(this);
        return Lane({chainId: 0, gateway: remote, lightClient: lightClient, messageGasLimit: 0, paused: paused});
    }

    function sendMessage(
        bytes calldata recipient,
        bytes calldata payload,
        bytes[] calldata attributes
    ) external payable returns (bytes32) {
        if (attributes.length > 0) revert UnsupportedAttribute(bytes4(attributes[0]));
        (uint256 chainId, address account) = InteroperableAddress.parseEvmV1Calldata(recipient);
        require(chainId == _chainIdOf[account], LoopbackGateway_WrongChain(chainId, account));
        _messages.push(Message({sender: msg.sender, recipient: account, payload: payload}));
        return bytes32(_messages.length);
    }

    function supportsAttribute(bytes4) external pure returns (bool) {
        return false;
    }

    /// @notice Hands over the next message. Whatever the recipient reverts with, this reverts with.
    function deliverNext() public {
        Message memory next = _messages[delivered++];
        inject(next.sender, next.recipient, next.payload);
    }

    /// @notice Hands over all messages, those too that are sent meanwhile.
    function deliverAll() external {
        while (delivered < _messages.length) deliverNext();
    }

    /// @notice Passes over the next message.
    function skipNext() external {
        ++delivered;
    }

    /// @notice Hands over a message that nobody sent.
    function inject(address sender, address recipient, bytes memory payload) public {
        bytes memory from = senderOf(sender);
        IERC7786Recipient(recipient).receiveMessage(bytes32(delivered), from, payload);
    }

    function senderOf(address account) public view returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(_chainIdOf[account], account);
    }

    function sent() external view returns (uint256) {
        return _messages.length;
    }

    function message(uint256 index) external view returns (Message memory) {
        return _messages[index];
    }
}
