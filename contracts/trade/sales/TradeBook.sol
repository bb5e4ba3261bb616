// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IParticipants} from "../../access/IParticipants.sol";
import {Counterpart} from "../../bridge/Counterpart.sol";
import {IClaimRegistry} from "../claims/IClaimRegistry.sol";
import {IDocumentObserver, IDocumentRegistry} from "../documents/IDocumentRegistry.sol";
import {AgreedTerms} from "./AgreedTerms.sol";
import {ForeignTitles} from "./ForeignTitles.sol";
import {ITradeBook} from "./ITradeBook.sol";
import {ProvenDocument} from "../documents/ProvenDocument.sol";
import {TermsValidation} from "./TermsValidation.sol";
import {TradeId} from "./TradeId.sol";
import {EscrowTerms, TitleTerms, TradeMessages} from "./TradeMessages.sol";
import {ValuedDocuments} from "../documents/ValuedDocuments.sol";

/// @title TradeBook
/// @notice Guarantees that the finance chain hears of a trade only what both parties agreed on, of each milestone at
/// most once and only while its documents stand, and of an end only when the terms, both parties or the arbiter say
/// so. Trusts the document registry for status, ARBITER for disputes alone, and the settlement, through the gateway,
/// for what was paid. Holds no money.
contract TradeBook is ITradeBook, ForeignTitles, Counterpart, EIP712 {
    using AgreedTerms for Terms;
    using ValuedDocuments for IDocumentRegistry;

    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256("TradeAcceptance(bytes32 tradeId,uint256 deadline)");

    /// @param turn Of the last message about a dispute; none is sent of a trade without titles.
    /// @param titled The milestones that wait for a title, one bit each, the first one lowest.
    struct Trade {
        address seller;
        State state;
        bool funded;
        uint40 disputedAt;
        uint32 turn;
        uint8 titled;
        address cancelRequestedBy;
        uint40 expiry;
        uint128 paid;
        uint128 refunded;
        Terms terms;
        MilestoneState[] milestones;
    }

    IParticipants public immutable participants;
    IDocumentRegistry public immutable registry;

    mapping(TradeId tradeId => Trade) private _trades;

    modifier onlyParty(TradeId tradeId) {
        participants.requireActive(msg.sender);
        require(_isParty(_trades[tradeId]), TradeBook_NotParty(tradeId, msg.sender));
        _;
    }

    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        IDocumentRegistry documentRegistry,
        IClaimRegistry claims,
        uint256 settlementChainId
    )
        AccessManaged(initialAuthority)
        ForeignTitles(claims)
        CrosschainLinked(new Link[](0))
        Counterpart(settlementChainId)
        EIP712("Huangpu TradeBook", "1")
    {
        participants = participantRegistry;
        registry = documentRegistry;
    }

    // ------------------------------------------------------------------------------------------------ agreeing

    /// @inheritdoc ITradeBook
    function propose(Terms calldata terms) external returns (TradeId tradeId) {
        participants.requireActive(msg.sender);
        uint8 titled = TermsValidation.validate(terms, msg.sender);
        participants.requireActive(terms.buyer);

        tradeId = tradeIdOf(msg.sender, terms);
        Trade storage trade = _trades[tradeId];
        require(trade.state == State.Unknown, TradeBook_AlreadyProposed(tradeId));

        trade.seller = msg.sender;
        trade.state = State.Proposed;
        trade.titled = titled;
        trade.expiry = terms.expiry;
        trade.terms = terms;
        for (uint256 i = 0; i < terms.milestones.length; ++i) trade.milestones.push(MilestoneState.Pending);
        emit TradeProposed(tradeId, msg.sender, terms.buyer, terms);
    }

    /// @inheritdoc ITradeBook
    function withdraw(TradeId tradeId) external {
        participants.requireActive(msg.sender);
        Trade storage trade = _inState(tradeId, State.Proposed);
        require(msg.sender == trade.seller, TradeBook_NotSeller(tradeId, msg.sender));
        trade.state = State.Withdrawn;
        emit TradeWithdrawn(tradeId);
    }

    /// @inheritdoc ITradeBook
    function accept(TradeId tradeId) external {
        Trade storage trade = _inState(tradeId, State.Proposed);
        require(msg.sender == trade.terms.buyer, TradeBook_NotBuyer(tradeId, msg.sender));
        _agree(tradeId, trade);
    }

    /// @inheritdoc ITradeBook
    function acceptWithSignature(TradeId tradeId, uint256 deadline, bytes calldata signature) external {
        participants.requireActive(msg.sender);
        Trade storage trade = _inState(tradeId, State.Proposed);
        require(block.timestamp <= deadline, TradeBook_SignatureExpired(deadline));
        address buyer = trade.terms.buyer;
        require(
            SignatureChecker.isValidSignatureNowCalldata(buyer, acceptanceDigest(tradeId, deadline), signature),
            TradeBook_InvalidSignature(tradeId, buyer)
        );
        _agree(tradeId, trade);
    }

    // ---------------------------------------------------------------------------------------------- performing

    /// @inheritdoc IDocumentObserver
    function documentAnchored(bytes32, TradeId tradeId) external {
        require(msg.sender == address(registry), TradeBook_NotRegistry(msg.sender));
        Trade storage trade = _trades[tradeId];
        if (trade.state == State.Agreed) _releaseReady(tradeId, trade);
    }

    /// @inheritdoc IDocumentObserver
    /// @dev What a milestone needs is looked up when it is released.
    function documentEnded(bytes32) external pure {}

    /// @inheritdoc ITradeBook
    function release(TradeId tradeId, uint256 milestone) external onlyParty(tradeId) {
        Trade storage trade = _inState(tradeId, State.Agreed);
        require(milestone < trade.milestones.length, TradeBook_UnknownMilestone(tradeId, milestone));
        require(!_waitsForTitle(trade, milestone), TradeBook_WaitsForTitle(tradeId, milestone));
        require(block.timestamp <= trade.expiry, TradeBook_Expired(tradeId, trade.expiry));
        MilestoneState state = trade.milestones[milestone];
        require(state == MilestoneState.Pending, TradeBook_MilestoneNotPending(tradeId, milestone, state));

        Requirement[] storage requirements = trade.terms.milestones[milestone].requirements;
        for (uint256 i = 0; i < requirements.length; ++i) {
            Requirement memory required = requirements[i];
            (bool active, bool amended) = _look(tradeId, required);
            require(active, TradeBook_DocumentNotActive(tradeId, required.documentType, required.issuer));
            require(
                !amended || msg.sender == trade.terms.buyer,
                TradeBook_DocumentAmended(tradeId, required.documentType, required.issuer)
            );
        }
        _reach(tradeId, trade, milestone);
    }

    /// @inheritdoc ITradeBook
    function keepTitle(TradeId tradeId, uint256 milestone) external {
        Trade storage trade = _inState(tradeId, State.Agreed);
        require(_waitsForTitle(trade, milestone), TradeBook_NoTitle(tradeId, milestone));
        _keepTitle(tradeId, trade.seller, trade.terms.titles[milestone]);
    }

    // -------------------------------------------------------------------------------------------------- ending

    /// @inheritdoc ITradeBook
    function expire(TradeId tradeId) external onlyParty(tradeId) {
        Trade storage trade = _inState(tradeId, State.Agreed);
        require(block.timestamp > trade.expiry, TradeBook_NotExpired(tradeId, trade.expiry));
        trade.state = State.Expired;
        emit TradeExpired(tradeId);
        _letTitlesGo(tradeId, trade);
        _send(TradeMessages.terminated(tradeId, _reachedBits(trade)));
    }

    /// @inheritdoc ITradeBook
    function cancel(TradeId tradeId) external onlyParty(tradeId) {
        Trade storage trade = _inState(tradeId, State.Agreed);
        require(trade.cancelRequestedBy != msg.sender, TradeBook_CancellationAlreadyRequested(tradeId, msg.sender));
        if (trade.cancelRequestedBy == address(0)) {
            trade.cancelRequestedBy = msg.sender;
            emit CancellationRequested(tradeId, msg.sender);
        } else {
            _terminate(tradeId, trade);
        }
    }

    /// @inheritdoc ITradeBook
    function dispute(TradeId tradeId) external onlyParty(tradeId) {
        Trade storage trade = _inState(tradeId, State.Agreed);
        require(block.timestamp <= trade.expiry, TradeBook_Expired(tradeId, trade.expiry));
        trade.state = State.Disputed;
        trade.disputedAt = uint40(block.timestamp);
        emit TradeDisputed(tradeId, msg.sender);
        if (trade.titled != 0) _send(TradeMessages.disputed(tradeId, ++trade.turn));
    }

    /// @inheritdoc ITradeBook
    function resolve(TradeId tradeId, bool proceed) external restricted {
        Trade storage trade = _inState(tradeId, State.Disputed);
        emit DisputeResolved(tradeId, proceed);
        if (proceed) {
            trade.state = State.Agreed;
            delete trade.cancelRequestedBy;
            // Saturates: terms may expire at the end of time, and that must not keep the arbiter from proceeding.
            uint256 expiry = trade.expiry + (block.timestamp - trade.disputedAt);
            trade.expiry = uint40(Math.min(expiry, type(uint40).max));
            if (trade.titled != 0) {
                _send(TradeMessages.resumed(tradeId, ++trade.turn, trade.expiry));
                // A title that was paid for meanwhile may have been all that was left.
                _completeIfAllReached(tradeId, trade);
            }
            _releaseReady(tradeId, trade);
        } else {
            _terminate(tradeId, trade);
        }
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ITradeBook
    function tradeIdOf(address seller, Terms calldata terms) public view returns (TradeId) {
        return TradeId.wrap(keccak256(abi.encode(block.chainid, address(this), seller, terms)));
    }

    /// @inheritdoc ITradeBook
    function termsOf(TradeId tradeId) external view returns (address seller, Terms memory terms) {
        Trade storage trade = _trades[tradeId];
        return (trade.seller, trade.terms);
    }

    /// @inheritdoc ITradeBook
    function statusOf(TradeId tradeId) external view returns (TradeStatus memory) {
        Trade storage trade = _trades[tradeId];
        return
            TradeStatus({
                state: trade.state,
                funded: trade.funded,
                expiry: trade.expiry,
                paid: trade.paid,
                refunded: trade.refunded,
                milestones: trade.milestones
            });
    }

    /// @inheritdoc ITradeBook
    function acceptanceDigest(TradeId tradeId, uint256 deadline) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ACCEPTANCE_TYPEHASH, tradeId, deadline)));
    }

    // ----------------------------------------------------------------------------- internal: the trade's course

    function _agree(TradeId tradeId, Trade storage trade) private {
        participants.requireActive(trade.terms.buyer);
        require(block.timestamp <= trade.expiry, TradeBook_Expired(tradeId, trade.expiry));
        trade.state = State.Agreed;
        emit TradeAgreed(tradeId);
        _sendAgreed(tradeId, trade);
        _releaseReady(tradeId, trade);
    }

    function _sendAgreed(TradeId tradeId, Trade storage trade) private {
        EscrowTerms memory terms = trade.terms.forEscrow(trade.seller);
        if (trade.titled == 0) return _send(TradeMessages.agreed(tradeId, terms));
        TitleTerms memory titles = TitleTerms(uint40(block.timestamp), trade.expiry, trade.terms.titles);
        _keepThoseThere(tradeId, trade.seller, titles.conditions);
        _send(TradeMessages.agreedOnTitles(tradeId, terms, titles));
    }

    /// @dev Releases every milestone whose documents are all active and as first issued. At most 8 x 8 look-ups.
    function _releaseReady(TradeId tradeId, Trade storage trade) private {
        if (block.timestamp > trade.expiry) return;
        uint256 count = trade.milestones.length;
        for (uint256 i = 0; i < count; ++i) {
            if (trade.milestones[i] == MilestoneState.Pending && _isReady(tradeId, trade, i)) _reach(tradeId, trade, i);
        }
    }

    function _reach(TradeId tradeId, Trade storage trade, uint256 milestone) private {
        trade.milestones[milestone] = MilestoneState.Reached;
        emit MilestoneReached(tradeId, milestone);
        _completeIfAllReached(tradeId, trade);
        _send(TradeMessages.milestoneReached(tradeId, milestone, _valuedDocuments(tradeId, trade, milestone)));
    }

    function _completeIfAllReached(TradeId tradeId, Trade storage trade) private {
        if (trade.state != State.Agreed || !_allReached(trade)) return;
        trade.state = State.Completed;
        emit TradeCompleted(tradeId);
        _letTitlesGo(tradeId, trade);
    }

    function _terminate(TradeId tradeId, Trade storage trade) private {
        trade.state = State.Cancelled;
        emit TradeCancelled(tradeId);
        _letTitlesGo(tradeId, trade);
        _send(TradeMessages.terminated(tradeId, _reachedBits(trade)));
    }

    function _letTitlesGo(TradeId tradeId, Trade storage trade) private {
        if (trade.titled != 0) _letGo(tradeId, trade.terms.titles);
    }

    /// @dev What the settlement reports. It paid, so nothing of it is refused here, whatever state the trade is in.
    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        (uint8 kind, TradeId tradeId) = TradeMessages.header(payload);
        Trade storage trade = _trades[tradeId];
        if (kind == TradeMessages.FUNDED) {
            trade.funded = true;
            emit TradeFunded(tradeId);
        } else if (kind == TradeMessages.MILESTONE_PAID) {
            (uint256 milestone, uint256 amount, bool inSuspense) = TradeMessages.readMilestonePaid(payload);
            bool byTitle = trade.milestones[milestone] == MilestoneState.Pending;
            trade.milestones[milestone] = inSuspense ? MilestoneState.InSuspense : MilestoneState.Paid;
            trade.paid += uint128(amount); // the sum is at most the trade's amount, a uint128
            emit MilestonePaid(tradeId, milestone, amount, inSuspense);
            if (byTitle) _completeIfAllReached(tradeId, trade);
        } else if (kind == TradeMessages.REFUNDED) {
            uint256 amount = TradeMessages.readRefunded(payload);
            trade.refunded += uint128(amount); // the sum is at most the trade's amount, a uint128
            emit TradeRefunded(tradeId, amount);
        } else {
            revert TradeMessages.TradeMessages_UnknownKind(kind);
        }
    }

    // ----------------------------------------------------------------------------------------- internal: views

    function _inState(TradeId tradeId, State expected) private view returns (Trade storage trade) {
        trade = _trades[tradeId];
        require(trade.state == expected, TradeBook_WrongState(tradeId, trade.state));
    }

    function _isParty(Trade storage trade) private view returns (bool) {
        return msg.sender == trade.seller || msg.sender == trade.terms.buyer;
    }

    function _waitsForTitle(Trade storage trade, uint256 milestone) private view returns (bool) {
        return trade.titled & (1 << milestone) != 0;
    }

    function _isReady(TradeId tradeId, Trade storage trade, uint256 milestone) private view returns (bool) {
        if (_waitsForTitle(trade, milestone)) return false;
        Requirement[] storage requirements = trade.terms.milestones[milestone].requirements;
        for (uint256 i = 0; i < requirements.length; ++i) {
            (bool active, bool amended) = _look(tradeId, requirements[i]);
            if (!active || amended) return false;
        }
        return true;
    }

    /// @dev What an issuer registered counts as long as they may issue it: not while suspended or no longer accredited.
    function _look(TradeId tradeId, Requirement memory required) private view returns (bool active, bool amended) {
        bytes32 documentHash = registry.latest(tradeId, required.documentType, required.issuer);
        return (registry.stands(documentHash), registry.document(documentHash).amended);
    }

    function _valuedDocuments(
        TradeId tradeId,
        Trade storage trade,
        uint256 milestone
    ) private view returns (ProvenDocument[] memory) {
        Requirement[] storage requirements = trade.terms.milestones[milestone].requirements;
        bytes32[] memory hashes = new bytes32[](requirements.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = registry.latest(tradeId, requirements[i].documentType, requirements[i].issuer);
        }
        return registry.collect(hashes);
    }

    function _allReached(Trade storage trade) private view returns (bool) {
        for (uint256 i = 0; i < trade.milestones.length; ++i) {
            if (trade.milestones[i] == MilestoneState.Pending) return false;
        }
        return true;
    }

    /// @dev Of those that wait for documents: the other chain knows of titles before this one does.
    function _reachedBits(Trade storage trade) private view returns (uint8 bits) {
        for (uint256 i = 0; i < trade.milestones.length; ++i) {
            if (trade.milestones[i] != MilestoneState.Pending) bits |= uint8(1 << i); // at most 8 milestones
        }
        bits &= ~trade.titled;
    }
}
