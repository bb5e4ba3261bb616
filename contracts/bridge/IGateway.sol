// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {ILightClient} from "./ILightClient.sol";
import {Message} from "./MessageChain.sol";

/// @notice What shows a sender's head on the other chain.
struct HeadProof {
    /// @dev RLP of a header of the other chain.
    bytes header;
    /// @dev The validators' consent, in the format of the light client's verifier.
    bytes seal;
    /// @dev `accountProof` of `eth_getProof` for the other gateway at that block.
    bytes[] accountProof;
    /// @dev `storageProof[0].proof` of `eth_getProof` for the sender's head.
    bytes[] storageProof;
}

/// @notice What lies at the other end, and whether deliveries from there go on.
/// @param chainId EIP-155 id, below 2^48.
/// @param gateway Zero until it is linked.
/// @param messageGasLimit Gas that one message may use, in gas units.
struct Lane {
    uint256 chainId;
    address gateway;
    ILightClient lightClient;
    uint256 messageGasLimit;
    bool paused;
}

/// @title One chain's end of the bridge (ERC-7786)
/// @notice Sends to, and delivers from, one other chain. Each sender has a hash chain of messages (see `MessageChain`);
/// the other side delivers them in order, up to a head that a state proof shows.
interface IGateway is IERC7786GatewaySource {
    event Linked(address indexed remoteGateway, ILightClient indexed lightClient);
    event LightClientChanged(ILightClient indexed lightClient);
    event LanePaused(address indexed guardian);
    event LaneUnpaused(address indexed operator);
    event LogOpened(address indexed sender, bytes32 genesis);
    event HeadProven(address indexed sender, bytes32 indexed head);
    /// @notice The messages after head `from` up to head `to` were taken over, executed or stored as failed.
    event MessagesDelivered(address indexed sender, bytes32 from, bytes32 to, uint256 count);
    /// @param reason At most the first 256 bytes of what the recipient reverted with.
    event MessageFailed(bytes32 indexed receiveId, address indexed sender, address indexed recipient, bytes reason);
    event MessageRetried(bytes32 indexed receiveId);

    /// @dev A guardian stopped deliveries, or, from {unpause}, nobody did.
    error Gateway_Paused(bool paused);
    /// @dev The gateway at the other end is not known yet.
    error Gateway_NotLinked();
    /// @dev The other end is set once and for all.
    error Gateway_AlreadyLinked(address remoteGateway);
    /// @dev The light client follows another chain than this gateway serves.
    error Gateway_WrongChain(uint256 expected, uint256 given);
    /// @dev Chain ids are below 2^48 here.
    error Gateway_ChainIdTooLarge(uint256 chainId);
    /// @dev An operator must open a log for a contract before it may send.
    error Gateway_UnknownSender(address sender);
    error Gateway_LogAlreadyOpen(address sender);
    /// @dev The recipient is not an ERC-7930 address, in its shortest form, on the chain at the other end.
    error Gateway_UnsupportedRecipient(bytes recipient);
    /// @dev A payload is at most 16,383 bytes long, so that no message is too long for a block on the other side.
    error Gateway_PayloadTooLong(uint256 length);
    /// @dev Messages carry no native currency.
    error Gateway_ValueNotSupported(uint256 value);
    /// @dev `from` is not where this sender's delivery stands: somebody else has delivered, or messages are missing.
    error Gateway_NotAtCursor(bytes32 cursor, bytes32 from);
    /// @dev The messages, hashed from the cursor, do not lead to the head that is proven: one was altered, left out,
    /// put in another place, added, or belongs to another sender or gateway.
    error Gateway_HeadMismatch(bytes32 computed, bytes32 proven);
    /// @dev This head was not shown by a proof under the present light client.
    error Gateway_HeadNotProven(bytes32 head);
    error Gateway_NoMessages();
    /// @dev Less gas is left than one more message may need, so it might fail through the deliverer's doing.
    error Gateway_InsufficientGas(uint256 left, uint256 required);
    /// @dev Nothing is stored as failed under this id, or the message given is not the one that is.
    error Gateway_NotFailed(bytes32 receiveId);
    /// @dev The retried message failed again; it stays stored.
    error Gateway_RetryFailed(bytes32 receiveId, bytes reason);

    // ------------------------------------------------------------------------------------------ delivering: anyone

    /// @notice Delivers messages with the proof of the head they lead to.
    /// @param sender The sending contract on the other chain.
    /// @param from Where the caller believes delivery stands ({cursor}); a wrong belief costs little.
    /// @param messages All messages after `from`, in order, at least one.
    /// @param proof Shows the head after the last of them.
    /// @dev Every message gets `messageGasLimit` gas at most. One that fails is stored and never stops the others.
    function deliver(address sender, bytes32 from, Message[] calldata messages, HeadProof calldata proof) external;

    /// @notice Delivers messages up to a head that {proveHead} or {proveEarlierHead} has shown.
    function deliverProven(address sender, bytes32 from, Message[] calldata messages) external;

    /// @notice Shows a sender's head and remembers it, for deliveries in parts.
    /// @return head The proven head.
    function proveHead(address sender, HeadProof calldata proof) external returns (bytes32 head);

    /// @notice Shows an earlier head from a proven later one, by the hashes of the messages between.
    /// @param sender Whose heads they are.
    /// @param earlier The head to show.
    /// @param messageHashes `keccak256(recipient ‖ payload)` of the messages after it, in order.
    function proveEarlierHead(address sender, bytes32 earlier, bytes32[] calldata messageHashes) external;

    /// @notice Executes a failed message again, with all the gas that the caller gives.
    function retry(bytes32 receiveId, address sender, Message calldata message) external;

    // -------------------------------------------------------------------------------------------- administering

    /// @notice Names the gateway at the other end, once, and the light client that follows its chain. Only OPERATOR.
    function link(address remote, ILightClient client) external;

    /// @notice Replaces the light client, say after a freeze. Heads proven before count no more.
    /// @dev Only VALIDATOR_ADMIN, whose calls the AccessManager delays.
    function setLightClient(ILightClient client) external;

    /// @notice Lets a contract send messages. Only OPERATOR.
    function openLog(address sender) external;

    /// @notice Stops deliveries and retries; sending goes on. Only GUARDIAN.
    function pause() external;

    /// @notice Only OPERATOR: who can stop the lane cannot also start it again.
    function unpause() external;

    // -------------------------------------------------------------------------------------------------- reading

    /// @notice The head of a sender on this chain; zero when it may not send.
    function headOf(address sender) external view returns (bytes32);

    /// @notice The head up to which a sender of the other chain has been delivered.
    function cursor(address sender) external view returns (bytes32);

    /// @notice Whether a delivery may end at a head. One that is delivered up to may be forgotten.
    function isProven(address sender, bytes32 head) external view returns (bool);

    /// @notice Zero, or a commitment to sender and message of a failed delivery.
    function failed(bytes32 receiveId) external view returns (bytes32);

    function lane() external view returns (Lane memory);
}
