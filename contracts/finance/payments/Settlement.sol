// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Counterpart} from "../../bridge/Counterpart.sol";
import {TradeId} from "../../trade/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../trade/TradeMessages.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {ISettlement} from "./ISettlement.sol";
import {Permits} from "./Permits.sol";
import {Suspense} from "./Suspense.sol";

/// @title Settlement
/// @notice Guarantees, for each coin: what it holds is at least the unpaid part of all funded escrows plus what waits
/// in suspense; a milestone is paid at most once and only after a proven message; no payment fails because its payee
/// cannot take it. Trusts the trade book, through the gateway, for what was agreed and reached, and OPERATOR for which
/// coins are sound. No role can move money out of an escrow.
contract Settlement is ISettlement, Counterpart, Suspense {
    using SafeERC20 for IStablecoin;

    uint256 private constant WHOLE = 10_000;
    uint256 private constant MAX_MILESTONES = 8;

    mapping(TradeId tradeId => Escrow) private _escrows;
    /// @inheritdoc ISettlement
    mapping(IStablecoin coin => bool) public isListed;

    constructor(
        address initialAuthority,
        uint256 tradeBookChainId
    ) AccessManaged(initialAuthority) CrosschainLinked(new Link[](0)) Counterpart(tradeBookChainId) {}

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
        Escrow storage held = _escrows[tradeId];
        require(milestone < held.cumulativeShares.length, Settlement_UnknownMilestone(tradeId, milestone));
        return _milestoneAmount(held, milestone);
    }

    // ------------------------------------------------------------------------- internal: the trade book's word

    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        (uint8 kind, TradeId tradeId) = TradeMessages.header(payload);
        if (kind == TradeMessages.AGREED) _open(tradeId, TradeMessages.readAgreed(payload));
        else if (kind == TradeMessages.MILESTONE_REACHED) {
            (uint256 milestone, ) = TradeMessages.readMilestoneReached(payload);
            _reach(tradeId, milestone);
        } else if (kind == TradeMessages.TERMINATED) _terminate(tradeId, TradeMessages.readTerminated(payload));
        else revert TradeMessages.TradeMessages_UnknownKind(kind);
    }

    function _open(TradeId tradeId, EscrowTerms memory terms) private {
        Escrow storage opened = _inState(tradeId, State.Unknown);
        IStablecoin coin = IStablecoin(terms.coin);
        require(isListed[coin], Settlement_CoinNotListed(coin));
        require(coin.currency() == terms.currency, Settlement_WrongCurrency(terms.currency, coin.currency()));
        require(terms.amount > 0 && terms.amount <= type(uint128).max, Settlement_InvalidAmount(terms.amount));

        opened.buyer = terms.buyer;
        opened.state = State.Open;
        opened.seller = terms.seller;
        opened.coin = coin;
        opened.amount = uint128(terms.amount);
        opened.cumulativeShares = _cumulative(terms.shares);
        emit EscrowOpened(tradeId, terms.buyer, terms.seller, coin, terms.amount);
    }

    function _reach(TradeId tradeId, uint256 milestone) private {
        Escrow storage held = _escrows[tradeId];
        State state = held.state;
        require(state == State.Open || state == State.Funded, Settlement_WrongState(tradeId, state));
        require(milestone < held.cumulativeShares.length, Settlement_UnknownMilestone(tradeId, milestone));
        require(!_isReached(held.reached, milestone), Settlement_MilestoneAlreadyReached(tradeId, milestone));

        uint256 amount = _milestoneAmount(held, milestone);
        held.reached |= uint8(1 << milestone); // milestone < 8
        held.released += uint128(amount); // the milestones sum to `held.amount`
        if (state == State.Open) {
            emit MilestoneDue(tradeId, milestone, amount);
            return;
        }
        if (_allReached(held)) _close(tradeId, held);
        _payMilestone(tradeId, held, milestone, amount);
    }

    /// @dev Messages that failed can be retried in any order, so this one does not count before those it comes after.
    function _terminate(TradeId tradeId, uint8 reached) private {
        Escrow storage held = _escrows[tradeId];
        State state = held.state;
        require(state == State.Open || state == State.Funded, Settlement_WrongState(tradeId, state));
        require(held.reached == reached, Settlement_MilestonesMissing(tradeId, held.reached, reached));

        uint128 released = held.released;
        if (state == State.Funded) {
            _close(tradeId, held);
            _refund(tradeId, held, held.amount - released);
        } else if (released == 0) {
            _close(tradeId, held);
        } else {
            held.state = State.Owing;
            emit EscrowOwing(tradeId, released);
        }
    }

    // -------------------------------------------------------------------------------- internal: moving the money

    function _fund(TradeId tradeId, uint256 amount) private {
        Escrow storage held = _escrows[tradeId];
        State state = held.state;
        require(state == State.Open || state == State.Owing, Settlement_WrongState(tradeId, state));
        require(msg.sender == held.buyer, Settlement_NotBuyer(tradeId, msg.sender));
        uint256 needed = state == State.Owing ? held.released : held.amount;
        require(amount == needed, Settlement_WrongFunding(tradeId, needed, amount));

        // What is reached while the coins come in, by a coin that calls back, is paid by its own message.
        uint256 due = held.reached;
        held.state = State.Funded;
        emit EscrowFunded(tradeId, amount);
        if (state == State.Owing || _allReached(held)) _close(tradeId, held);
        held.coin.safeTransferFrom(msg.sender, address(this), amount);
        _send(TradeMessages.funded(tradeId));

        uint256 count = held.cumulativeShares.length;
        for (uint256 i = 0; i < count; ++i) {
            if (_isReached(due, i)) _payMilestone(tradeId, held, i, _milestoneAmount(held, i));
        }
    }

    function _payMilestone(TradeId tradeId, Escrow storage held, uint256 milestone, uint256 amount) private {
        address seller = held.seller;
        bool inSuspense = !_pay(held.coin, seller, amount);
        emit MilestonePaid(tradeId, milestone, seller, amount, inSuspense);
        _send(TradeMessages.milestonePaid(tradeId, milestone, amount, inSuspense));
    }

    function _refund(TradeId tradeId, Escrow storage held, uint256 amount) private {
        address buyer = held.buyer;
        bool inSuspense = !_pay(held.coin, buyer, amount);
        emit EscrowRefunded(tradeId, buyer, amount, inSuspense);
        _send(TradeMessages.refunded(tradeId, amount));
    }

    function _close(TradeId tradeId, Escrow storage held) private {
        held.state = State.Closed;
        emit EscrowClosed(tradeId);
    }

    // ----------------------------------------------------------------------------------------- internal: views

    function _inState(TradeId tradeId, State expected) private view returns (Escrow storage found) {
        found = _escrows[tradeId];
        require(found.state == expected, Settlement_WrongState(tradeId, found.state));
    }

    function _isReached(uint256 reached, uint256 milestone) private pure returns (bool) {
        return reached & (1 << milestone) != 0;
    }

    function _allReached(Escrow storage held) private view returns (bool) {
        return held.reached == (1 << held.cumulativeShares.length) - 1;
    }

    /// @dev The difference of two cumulative amounts, each rounded down, so that all of them sum to the amount
    /// whatever order they are reached in. Computed from the agreed amount, which never changes.
    function _milestoneAmount(Escrow storage held, uint256 milestone) private view returns (uint256) {
        uint256 amount = held.amount;
        uint256 upTo = (amount * held.cumulativeShares[milestone]) / WHOLE;
        return milestone == 0 ? upTo : upTo - (amount * held.cumulativeShares[milestone - 1]) / WHOLE;
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
