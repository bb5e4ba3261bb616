// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Counterpart} from "../../bridge/Counterpart.sol";
import {ProvenDocument} from "../../trade/documents/ProvenDocument.sol";
import {TradeId} from "../../trade/sales/TradeId.sol";
import {EscrowTerms, TitleTerms, TradeMessages} from "../../trade/sales/TradeMessages.sol";
import {IClearingHouse} from "../clearing/IClearingHouse.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IEvidenceLedger} from "../evidence/IEvidenceLedger.sol";
import {IFxDesk} from "../fx/IFxDesk.sol";
import {ITitleFacts} from "../titles/ITitleFacts.sol";
import {AgentLegs} from "./AgentLegs.sol";
import {ISettlement} from "./ISettlement.sol";
import {Permits} from "./Permits.sol";
import {Suspense} from "./Suspense.sol";
import {TitleMilestones} from "./TitleMilestones.sol";

/// @title Settlement
/// @notice Guarantees, for each coin: what it holds is at least the unpaid part of all funded escrows, what is held of
/// milestones, and what waits in suspense; a milestone is paid at most once, only after a proven message or title, and only on evidence;
/// no message fails because of the verdict, the clearing house, or a payee who cannot take a payment. Trusts the trade book,
/// through the gateway, for what was agreed and reached, the title facts for where titles are, the evidence ledger for what may be
/// paid, and OPERATOR for which coins are sound. No role can move money out of an escrow.
contract Settlement is ISettlement, Counterpart, Suspense, AgentLegs, TitleMilestones {
    using SafeERC20 for IStablecoin;

    uint256 private constant WHOLE = 10_000;
    uint256 private constant MAX_MILESTONES = 8;
    uint256 private constant MAX_DOCUMENTS = 8;

    IEvidenceLedger public immutable evidenceLedger;
    IFxDesk public immutable fxDesk;

    mapping(TradeId tradeId => Escrow) private _escrows;
    mapping(TradeId tradeId => mapping(uint256 milestone => bytes32[])) private _documents;
    /// @inheritdoc ISettlement
    mapping(IStablecoin coin => bool) public isListed;

    constructor(
        address initialAuthority,
        uint256 tradeBookChainId,
        IEvidenceLedger evidenceLedger_,
        IFxDesk fxDesk_,
        ISubAccounts subAccounts_,
        IClearingHouse clearingHouse_,
        ITitleFacts titleFacts_
    )
        AccessManaged(initialAuthority)
        CrosschainLinked(new Link[](0))
        Counterpart(tradeBookChainId)
        AgentLegs(subAccounts_, clearingHouse_)
        TitleMilestones(titleFacts_)
    {
        evidenceLedger = evidenceLedger_;
        fxDesk = fxDesk_;
    }

    // ------------------------------------------------------------------------------------------------- funding

    /// @inheritdoc ISettlement
    function fund(TradeId tradeId, uint256 amount) external {
        _fund(tradeId, amount);
    }

    /// @inheritdoc ISettlement
    function fundWithPermit(TradeId tradeId, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        IStablecoin coin = _escrows[tradeId].coin;
        require(address(coin) != address(0), Settlement_WrongState(tradeId, State.Unknown));
        Permits.submit(coin, amount, amount, deadline, v, r, s);
        _fund(tradeId, amount);
    }

    /// @inheritdoc ISettlement
    function fundByConversion(TradeId tradeId, IFxDesk.Quote calldata quote, bytes calldata signature) external {
        uint256 due = _beginFunding(tradeId, quote.buyAmount);
        IStablecoin coin = _escrows[tradeId].coin;
        require(address(quote.buyCoin) == address(coin), Settlement_WrongQuoteCoin(coin, quote.buyCoin));
        require(isListed[quote.sellCoin], Settlement_CoinNotListed(quote.sellCoin));

        uint16 provider = fxDesk.useQuote(quote, signature, msg.sender, quote.buyAmount);
        _bookFunding(provider, quote);
        quote.sellCoin.safeTransferFrom(msg.sender, address(subAccounts), quote.sellAmount);
        subAccounts.credit(provider, quote.sellCoin, quote.sellAmount);
        bool delivered = subAccounts.debit(provider, coin, quote.buyAmount, address(this));
        require(delivered, Settlement_NotDelivered(coin));
        _endFunding(tradeId, due);
    }

    // ----------------------------------------------------------------------------- milestones: by title, and held

    /// @inheritdoc ISettlement
    function reachByTitle(
        TradeId tradeId,
        uint256 milestone,
        ITitleFacts.TitleProof calldata proof,
        bytes32[] calldata documents
    ) external {
        if (documents.length > 0) _requireParty(tradeId);
        require(documents.length <= MAX_DOCUMENTS, Settlement_TooManyDocuments(documents.length));
        _showTitle(tradeId, milestone, proof);
        _reach(tradeId, milestone, documents);
    }

    /// @inheritdoc ISettlement
    function settleHeld(TradeId tradeId, uint256 milestone, bytes32[] calldata documents) external {
        Escrow storage found = _escrows[tradeId];
        bytes32[] memory supporting = _documents[tradeId][milestone];
        if (documents.length > 0) {
            _requireParty(tradeId);
            supporting = documents;
        }
        uint256 amount = _takeHeld(tradeId, milestone);
        evidenceLedger.drawForGood(_claim(tradeId, found, milestone, amount, supporting));
        _payMilestone(tradeId, found, milestone, amount);
    }

    /// @inheritdoc ISettlement
    function settleHeldInPart(TradeId tradeId, uint256 milestone, uint256 part, bytes32[] calldata documents) external {
        Escrow storage found = _escrows[tradeId];
        require(msg.sender == found.seller, Settlement_NotSeller(tradeId, msg.sender));
        uint256 amount = _takeHeld(tradeId, milestone);
        require(part > 0 && part < amount, Settlement_InvalidAmount(part));
        emit MilestoneWaived(tradeId, milestone, amount - part);
        evidenceLedger.drawForGood(_claim(tradeId, found, milestone, part, documents));
        _payMilestone(tradeId, found, milestone, part);
        _refund(tradeId, found, amount - part);
    }

    /// @inheritdoc ISettlement
    function releaseHeldToBuyer(TradeId tradeId, uint256 milestone) external {
        Escrow storage found = _escrows[tradeId];
        require(msg.sender == found.seller, Settlement_NotSeller(tradeId, msg.sender));
        uint256 amount = _takeHeld(tradeId, milestone);
        emit MilestoneWaived(tradeId, milestone, amount);
        _refund(tradeId, found, amount);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc ISettlement
    function listCoin(IStablecoin coin, bool listed) external restricted {
        isListed[coin] = listed;
        emit CoinListed(coin, listed);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ISettlement
    function escrow(TradeId tradeId) external view returns (Escrow memory) {
        return _escrows[tradeId];
    }

    /// @inheritdoc ISettlement
    function milestoneAmount(TradeId tradeId, uint256 milestone) external view returns (uint256) {
        Escrow storage found = _escrows[tradeId];
        require(milestone < found.cumulativeShares.length, Settlement_UnknownMilestone(tradeId, milestone));
        return _milestoneAmount(found, milestone);
    }

    /// @inheritdoc ISettlement
    function documentsOf(TradeId tradeId, uint256 milestone) external view returns (bytes32[] memory) {
        return _documents[tradeId][milestone];
    }

    // ------------------------------------------------------------------------- internal: the trade book's word

    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        (uint8 kind, TradeId tradeId) = TradeMessages.header(payload);
        if (kind == TradeMessages.AGREED) {
            _open(tradeId, TradeMessages.readAgreed(payload));
        } else if (kind == TradeMessages.AGREED_ON_TITLES) {
            (EscrowTerms memory terms, TitleTerms memory titles) = TradeMessages.readAgreedOnTitles(payload);
            _open(tradeId, terms);
            _escrows[tradeId].titled = _keepTitles(tradeId, titles);
        } else if (kind == TradeMessages.MILESTONE_REACHED) {
            (uint256 milestone, ProvenDocument[] memory documents) = TradeMessages.readMilestoneReached(payload);
            _reach(tradeId, milestone, _register(documents));
        } else if (kind == TradeMessages.TERMINATED) {
            _terminate(tradeId, TradeMessages.readTerminated(payload));
        } else if (kind == TradeMessages.DISPUTED) {
            _dispute(tradeId, TradeMessages.readDisputed(payload));
        } else if (kind == TradeMessages.RESUMED) {
            (uint32 turn, uint40 expiry) = TradeMessages.readResumed(payload);
            _resume(tradeId, turn, expiry);
        } else {
            revert TradeMessages.TradeMessages_UnknownKind(kind);
        }
    }

    function _open(TradeId tradeId, EscrowTerms memory terms) private {
        Escrow storage opened = _inState(tradeId, State.Unknown);
        IStablecoin coin = IStablecoin(terms.coin);
        require(isListed[coin], Settlement_CoinNotListed(coin));
        require(coin.currency() == terms.currency, Settlement_WrongCurrency(terms.currency, coin.currency()));
        require(terms.amount > 0 && terms.amount <= type(uint96).max, Settlement_InvalidAmount(terms.amount));

        opened.buyer = terms.buyer;
        opened.state = State.Open;
        opened.seller = terms.seller;
        opened.coin = coin;
        opened.amount = uint128(terms.amount);
        opened.cumulativeShares = _cumulative(terms.shares);
        emit EscrowOpened(tradeId, terms.buyer, terms.seller, coin, terms.amount);
    }

    function _reach(TradeId tradeId, uint256 milestone, bytes32[] memory documents) private {
        Escrow storage found = _escrows[tradeId];
        State state = found.state;
        require(state == State.Open || state == State.Funded, Settlement_WrongState(tradeId, state));
        require(milestone < found.cumulativeShares.length, Settlement_UnknownMilestone(tradeId, milestone));
        require(!_isSet(found.reached, milestone), Settlement_MilestoneAlreadyReached(tradeId, milestone));

        uint256 amount = _milestoneAmount(found, milestone);
        found.reached |= uint8(1 << milestone); // milestone < 8
        found.released += uint128(amount); // the milestones sum to `found.amount`
        if (state == State.Open) {
            _documents[tradeId][milestone] = documents;
            emit MilestoneDue(tradeId, milestone, amount);
            return;
        }
        if (_allReached(found)) _close(tradeId, found);
        _settle(tradeId, found, milestone, documents);
    }

    /// @dev What the ledger refuses to enter stays unknown to it, and the verdict says so.
    function _register(ProvenDocument[] memory proven) private returns (bytes32[] memory documents) {
        documents = new bytes32[](proven.length);
        if (proven.length == 0) return documents;
        for (uint256 i = 0; i < proven.length; ++i) documents[i] = proven[i].documentHash;
        try evidenceLedger.register(proven) {} catch {}
    }

    /// @dev Messages that failed can be retried in any order, so this one does not count before those it comes after. That the last
    /// milestone was reached by a title the trade book hears later, and may end the trade before.
    function _terminate(TradeId tradeId, uint8 reached) private {
        Escrow storage found = _escrows[tradeId];
        State state = found.state;
        if (state == State.Closed && found.titled != 0) return;
        require(state == State.Open || state == State.Funded, Settlement_WrongState(tradeId, state));
        uint8 heard = found.reached & ~found.titled;
        require(heard == reached, Settlement_MilestonesMissing(tradeId, heard, reached));

        uint128 released = found.released;
        if (state == State.Funded) {
            _close(tradeId, found);
            _refund(tradeId, found, found.amount - released);
        } else if (released == 0) {
            _close(tradeId, found);
        } else {
            found.state = State.Owing;
            emit EscrowOwing(tradeId, released);
        }
    }

    // -------------------------------------------------------------------------------- internal: moving the money

    function _fund(TradeId tradeId, uint256 amount) private {
        uint256 due = _beginFunding(tradeId, amount);
        IStablecoin coin = _escrows[tradeId].coin;
        _bookFunding(coin, amount);
        coin.safeTransferFrom(msg.sender, address(this), amount);
        _endFunding(tradeId, due);
    }

    /// @return due The milestones to be paid with the funding, one bit each. What is reached while the coins come in, by a coin
    /// that calls back, is paid by its own message.
    function _beginFunding(TradeId tradeId, uint256 amount) private returns (uint256 due) {
        Escrow storage found = _escrows[tradeId];
        State state = found.state;
        require(state == State.Open || state == State.Owing, Settlement_WrongState(tradeId, state));
        require(msg.sender == found.buyer, Settlement_NotBuyer(tradeId, msg.sender));
        uint256 needed = state == State.Owing ? found.released : found.amount;
        require(amount == needed, Settlement_WrongFunding(tradeId, needed, amount));

        due = found.reached;
        found.state = State.Funded;
        emit EscrowFunded(tradeId, amount);
        if (state == State.Owing || _allReached(found)) _close(tradeId, found);
    }

    function _endFunding(TradeId tradeId, uint256 due) private {
        Escrow storage found = _escrows[tradeId];
        _send(TradeMessages.funded(tradeId));
        uint256 count = found.cumulativeShares.length;
        for (uint256 i = 0; i < count; ++i) {
            if (!_isSet(due, i)) continue;
            bytes32[] memory documents = _documents[tradeId][i];
            delete _documents[tradeId][i];
            _settle(tradeId, found, i, documents);
        }
    }

    /// @dev A milestone that is worth nothing needs no evidence.
    function _settle(TradeId tradeId, Escrow storage found, uint256 milestone, bytes32[] memory documents) private {
        uint256 amount = _milestoneAmount(found, milestone);
        uint256 reasons =
            amount == 0 ? 0 : evidenceLedger.tryDraw(_claim(tradeId, found, milestone, amount, documents));
        if (reasons == 0) {
            _payMilestone(tradeId, found, milestone, amount);
        } else {
            found.held |= uint8(1 << milestone); // milestone < 8
            _documents[tradeId][milestone] = documents;
            emit MilestoneHeld(tradeId, milestone, amount, reasons);
        }
    }

    /// @dev Held are only milestones of escrows that were funded.
    function _takeHeld(TradeId tradeId, uint256 milestone) private returns (uint256 amount) {
        Escrow storage found = _escrows[tradeId];
        require(milestone < MAX_MILESTONES && _isSet(found.held, milestone), Settlement_NotHeld(tradeId, milestone));
        found.held &= ~uint8(1 << milestone); // milestone < 8
        delete _documents[tradeId][milestone];
        return _milestoneAmount(found, milestone);
    }

    function _payMilestone(TradeId tradeId, Escrow storage found, uint256 milestone, uint256 amount) private {
        address seller = found.seller;
        bool inSuspense = !_pay(found.coin, seller, amount);
        _bookPayout(seller, found.coin, amount);
        emit MilestonePaid(tradeId, milestone, seller, amount, inSuspense);
        _send(TradeMessages.milestonePaid(tradeId, milestone, amount, inSuspense));
    }

    function _refund(TradeId tradeId, Escrow storage found, uint256 amount) private {
        address buyer = found.buyer;
        bool inSuspense = !_pay(found.coin, buyer, amount);
        _bookPayout(buyer, found.coin, amount);
        emit EscrowRefunded(tradeId, buyer, amount, inSuspense);
        _send(TradeMessages.refunded(tradeId, amount));
    }

    function _close(TradeId tradeId, Escrow storage found) private {
        found.state = State.Closed;
        emit EscrowClosed(tradeId);
    }

    // ----------------------------------------------------------------------------------------- internal: views

    function _inState(TradeId tradeId, State expected) private view returns (Escrow storage found) {
        found = _escrows[tradeId];
        require(found.state == expected, Settlement_WrongState(tradeId, found.state));
    }

    function _requireParty(TradeId tradeId) private view {
        Escrow storage found = _escrows[tradeId];
        require(msg.sender == found.buyer || msg.sender == found.seller, Settlement_NotParty(tradeId, msg.sender));
    }

    function _claim(
        TradeId tradeId,
        Escrow storage found,
        uint256 milestone,
        uint256 amount,
        bytes32[] memory documents
    ) private view returns (IEvidenceLedger.Claim memory) {
        return
            IEvidenceLedger.Claim({
                claimId: keccak256(abi.encode(tradeId, milestone)),
                payer: found.buyer,
                payee: found.seller,
                currency: found.coin.currency(),
                amount: amount,
                documents: documents
            });
    }

    function _isSet(uint256 bits, uint256 milestone) private pure returns (bool) {
        return bits & (1 << milestone) != 0;
    }

    function _allReached(Escrow storage found) private view returns (bool) {
        return found.reached == (1 << found.cumulativeShares.length) - 1;
    }

    /// @dev The difference of two cumulative amounts, each rounded down, so that all of them sum to the amount
    /// whatever order they are reached in. Computed from the agreed amount, which never changes.
    function _milestoneAmount(Escrow storage found, uint256 milestone) private view returns (uint256) {
        uint256 amount = found.amount;
        uint256 upTo = (amount * found.cumulativeShares[milestone]) / WHOLE;
        return milestone == 0 ? upTo : upTo - (amount * found.cumulativeShares[milestone - 1]) / WHOLE;
    }

    function _cumulative(uint16[] memory shares) private pure returns (uint16[] memory) {
        uint256 sum = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            sum += shares[i];
            shares[i] = uint16(sum); // a sum above 10,000 is refused below
        }
        require(sum == WHOLE && shares.length <= MAX_MILESTONES, Settlement_InvalidShares(sum));
        return shares;
    }
}
