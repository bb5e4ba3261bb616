// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IClearingHouse} from "../clearing/IClearingHouse.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IEvidenceLedger} from "../evidence/IEvidenceLedger.sol";
import {IFxDesk} from "../fx/IFxDesk.sol";
import {IPayments} from "./IPayments.sol";
import {Permits} from "./Permits.sol";
import {Suspense} from "./Suspense.sol";

/// @title Payments
/// @notice Guarantees that coins move only for an order of their payer that the evidence ledger let pass and whose debts the
/// clearing house has taken down, once, all of it or nothing; and that this contract holds, of each coin, exactly what waits
/// in the queue and in suspense (and what was given to it besides). Trusts OPERATOR for which coins are sound, and the four
/// ledgers that it calls; no role can move what waits here.
contract Payments is IPayments, AccessManaged, EIP712, ReentrancyGuardTransient, Suspense {
    using SafeERC20 for IStablecoin;

    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(address payer,address payee,address payerCoin,address payeeCoin,uint96 amount,uint96 maxDebit,bytes32 endToEndId,bytes32 message,uint8 priority,uint40 expiry,bytes32[] documents)"
    );

    IEvidenceLedger public immutable evidenceLedger;
    IFxDesk public immutable fxDesk;
    ISubAccounts public immutable subAccounts;
    IClearingHouse public immutable clearingHouse;

    /// @inheritdoc IPayments
    mapping(IStablecoin coin => bytes3) public currencyOf;
    /// @dev One bit for each end-to-end id: whoever counts up in numbers pays for a new slot once in 256 times.
    mapping(address payer => mapping(uint256 word => uint256)) private _used;
    mapping(bytes32 paymentId => WaitingPayment) private _waiting;

    constructor(
        address initialAuthority,
        IEvidenceLedger evidenceLedger_,
        IFxDesk fxDesk_,
        ISubAccounts subAccounts_,
        IClearingHouse clearingHouse_
    ) AccessManaged(initialAuthority) EIP712("Huangpu Payments", "1") {
        evidenceLedger = evidenceLedger_;
        fxDesk = fxDesk_;
        subAccounts = subAccounts_;
        clearingHouse = clearingHouse_;
    }

    // -------------------------------------------------------------------------------------------------- paying

    /// @inheritdoc IPayments
    function pay(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature
    ) external nonReentrant returns (bytes32 paymentId) {
        require(msg.sender == order.payer, Payments_NotPayer(order.payer, msg.sender));
        return _execute(order, quote, signature);
    }

    /// @inheritdoc IPayments
    function payWithPermit(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (bytes32 paymentId) {
        require(msg.sender == order.payer, Payments_NotPayer(order.payer, msg.sender));
        _currencyOf(order.payerCoin);
        uint256 needed = address(order.payerCoin) == address(order.payeeCoin) ? order.amount : quote.sellAmount;
        Permits.submit(order.payerCoin, order.maxDebit, needed, deadline, v, r, s);
        return _execute(order, quote, signature);
    }

    /// @inheritdoc IPayments
    function payFor(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature,
        bytes calldata orderSignature
    ) external nonReentrant returns (bytes32 paymentId) {
        address bank = subAccounts.member(subAccounts.memberOf(order.payer)).owner;
        require(bank == msg.sender, Payments_NotPayersBank(order.payer, msg.sender));
        require(
            SignatureChecker.isValidSignatureNowCalldata(order.payer, orderDigest(order), orderSignature),
            Payments_InvalidSignature(order.payer)
        );
        return _execute(order, quote, signature);
    }

    // ------------------------------------------------------------------------------------------------- waiting

    /// @inheritdoc IPayments
    function complete(bytes32[] calldata paymentIds) external nonReentrant {
        for (uint256 i = 0; i < paymentIds.length; ++i) _complete(paymentIds[i]);
    }

    /// @inheritdoc IPayments
    function cancel(bytes32 paymentId) external nonReentrant {
        WaitingPayment memory waited = _waiting[paymentId];
        require(waited.payer != address(0), Payments_NotWaiting(paymentId));
        address provider = waited.provider == 0 ? address(0) : subAccounts.member(waited.provider).owner;
        require(msg.sender == waited.payer || msg.sender == provider, Payments_NotPayer(waited.payer, msg.sender));
        require(
            waited.provider == 0 || clearingHouse.openCycle() > waited.cycle,
            Payments_TooEarly(paymentId, waited.cycle)
        );

        delete _waiting[paymentId];
        emit PaymentCancelled(paymentId);
        clearingHouse.cancel(waited.obligation);
        evidenceLedger.restore(paymentId, waited.amount, waited.documents);
        _pay(waited.payerCoin, waited.payer, waited.debited);
        if (waited.provider != 0) _payProvider(waited.provider, waited.payeeCoin, waited.amount);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IPayments
    function listCoin(IStablecoin coin, bool listed) external restricted {
        currencyOf[coin] = listed ? coin.currency() : bytes3(0);
        emit CoinListed(coin, listed);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IPayments
    function paymentIdOf(address payer, bytes32 endToEndId) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), payer, endToEndId));
    }

    /// @inheritdoc IPayments
    function orderDigest(Order calldata order) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        ORDER_TYPEHASH,
                        order.payer,
                        order.payee,
                        order.payerCoin,
                        order.payeeCoin,
                        order.amount,
                        order.maxDebit,
                        order.endToEndId,
                        order.message,
                        order.priority,
                        order.expiry,
                        keccak256(abi.encodePacked(order.documents))
                    )
                )
            );
    }

    /// @inheritdoc IPayments
    function isUsed(address payer, bytes32 endToEndId) external view returns (bool) {
        (uint256 word, uint256 bit) = _idBit(endToEndId);
        return _used[payer][word] & bit != 0;
    }

    /// @inheritdoc IPayments
    function stateOf(bytes32 paymentId) external view returns (IClearingHouse.State) {
        return clearingHouse.stateOf(_waiting[paymentId].obligation);
    }

    /// @inheritdoc IPayments
    function waiting(bytes32 paymentId) external view returns (WaitingPayment memory) {
        return _waiting[paymentId];
    }

    // --------------------------------------------------------------------------------------- internal: deciding

    function _execute(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature
    ) private returns (bytes32 paymentId) {
        paymentId = paymentIdOf(order.payer, order.endToEndId);
        _useId(order.payer, order.endToEndId);
        require(block.timestamp <= order.expiry, Payments_Expired(order.expiry));
        require(order.amount > 0, Payments_InvalidAmount());

        (uint16 provider, uint96 debit) = _price(order, quote, signature);
        (uint64 obligation, bool settled) = clearingHouse.submit(_legs(order, provider, debit), order.priority);
        // Asked last, when it is known whether the evidence may have to be given back; whatever it refuses undoes the rest.
        if (settled) evidenceLedger.drawForGood(_claim(paymentId, order));
        else evidenceLedger.draw(_claim(paymentId, order));
        if (settled) {
            _emitMade(paymentId, order, debit, obligation);
            _move(order, provider, debit);
        } else {
            _wait(paymentId, order, provider, debit, obligation);
        }
    }

    function _claim(bytes32 paymentId, Order calldata order) private view returns (IEvidenceLedger.Claim memory) {
        return
            IEvidenceLedger.Claim({
                claimId: paymentId,
                payer: order.payer,
                payee: order.payee,
                currency: _currencyOf(order.payeeCoin),
                amount: order.amount,
                documents: order.documents
            });
    }

    /// @return provider Zero when nothing is converted.
    /// @return debit What the payer gives, in the smallest unit of its coin.
    function _price(
        Order calldata order,
        IFxDesk.Quote calldata quote,
        bytes calldata signature
    ) private returns (uint16 provider, uint96 debit) {
        if (address(order.payerCoin) == address(order.payeeCoin)) {
            debit = order.amount;
        } else {
            require(
                address(quote.sellCoin) == address(order.payerCoin) &&
                    address(quote.buyCoin) == address(order.payeeCoin),
                Payments_WrongQuoteCoins(quote.sellCoin, quote.buyCoin)
            );
            require(quote.buyAmount == order.amount, Payments_WrongQuote(order.amount, quote.buyAmount));
            require(quote.sellAmount <= order.maxDebit, Payments_AboveMaximum(quote.sellAmount, order.maxDebit));
            debit = uint96(quote.sellAmount); // at most `maxDebit`
            provider = fxDesk.useQuote(quote, signature, order.payer, order.amount);
        }
        require(debit <= order.maxDebit, Payments_AboveMaximum(debit, order.maxDebit));
    }

    /// @dev A conversion has two legs that belong together: to the provider in one currency, from it in the other.
    function _legs(
        Order calldata order,
        uint16 provider,
        uint96 debit
    ) private view returns (IClearingHouse.Leg[] memory legs) {
        uint16 payersBank = _bankOf(order.payer);
        uint16 payeesBank = _bankOf(order.payee);
        bytes3 currency = _currencyOf(order.payeeCoin);
        if (provider == 0) {
            legs = new IClearingHouse.Leg[](1);
            legs[0] = IClearingHouse.Leg(payersBank, payeesBank, currency, order.amount);
        } else {
            legs = new IClearingHouse.Leg[](2);
            legs[0] = IClearingHouse.Leg(payersBank, provider, _currencyOf(order.payerCoin), debit);
            legs[1] = IClearingHouse.Leg(provider, payeesBank, currency, order.amount);
        }
    }

    function _useId(address payer, bytes32 endToEndId) private {
        (uint256 word, uint256 bit) = _idBit(endToEndId);
        uint256 used = _used[payer][word];
        require(used & bit == 0, Payments_AlreadyUsed(payer, endToEndId));
        _used[payer][word] = used | bit;
    }

    function _idBit(bytes32 endToEndId) private pure returns (uint256 word, uint256 bit) {
        return (uint256(endToEndId) >> 8, 1 << (uint256(endToEndId) & 0xff));
    }

    function _bankOf(address account) private view returns (uint16 bank) {
        bank = subAccounts.memberOf(account);
        require(bank != 0, Payments_NoBank(account));
    }

    function _currencyOf(IStablecoin coin) private view returns (bytes3 currency) {
        currency = currencyOf[coin];
        require(currency != 0, Payments_CoinNotListed(coin));
    }

    // ---------------------------------------------------------------------------------- internal: moving the coins

    function _move(Order calldata order, uint16 provider, uint96 debit) private {
        if (provider != 0) {
            order.payerCoin.safeTransferFrom(order.payer, address(subAccounts), debit);
            subAccounts.credit(provider, order.payerCoin, debit);
            bool paid = subAccounts.debit(provider, order.payeeCoin, order.amount, order.payee);
            require(paid || !Pausable(address(order.payeeCoin)).paused(), Payments_NotDelivered(order.payeeCoin));
        } else if (!order.payeeCoin.trySafeTransferFrom(order.payer, order.payee, debit)) {
            // The payee cannot take it, or the payer cannot give it; then this reverts with why.
            order.payeeCoin.safeTransferFrom(order.payer, address(this), debit);
            _hold(order.payeeCoin, order.payee, debit);
        }
    }

    function _wait(bytes32 paymentId, Order calldata order, uint16 provider, uint96 debit, uint64 obligation) private {
        _waiting[paymentId] = WaitingPayment({
            payer: order.payer,
            obligation: obligation,
            cycle: clearingHouse.openCycle(),
            payee: order.payee,
            amount: order.amount,
            payerCoin: order.payerCoin,
            debited: debit,
            payeeCoin: order.payeeCoin,
            provider: provider,
            message: order.message,
            documents: order.documents
        });
        emit PaymentQueued(paymentId, order.payer, order.payee, obligation);
        order.payerCoin.safeTransferFrom(order.payer, address(this), debit);
        if (provider == 0) return;
        bool delivered = subAccounts.debit(provider, order.payeeCoin, order.amount, address(this));
        require(delivered, Payments_NotDelivered(order.payeeCoin));
    }

    function _complete(bytes32 paymentId) private {
        WaitingPayment memory waited = _waiting[paymentId];
        if (waited.payer == address(0)) return;
        IClearingHouse.State state = clearingHouse.stateOf(waited.obligation);
        require(state != IClearingHouse.State.Queued, Payments_StillQueued(paymentId));
        delete _waiting[paymentId];
        emit PaymentMade(
            paymentId,
            waited.payer,
            waited.payee,
            waited.payerCoin,
            waited.debited,
            waited.payeeCoin,
            waited.amount,
            waited.obligation,
            waited.message
        );
        if (waited.provider != 0) _payProvider(waited.provider, waited.payerCoin, waited.debited);
        bool paid = _pay(waited.payeeCoin, waited.payee, waited.amount);
        emit PaymentCompleted(paymentId, !paid);
    }

    /// @dev One coin that stands still must not keep the other from moving: then the provider's share waits for its owner.
    function _payProvider(uint16 provider, IStablecoin coin, uint256 amount) private {
        if (coin.trySafeTransfer(address(subAccounts), amount)) subAccounts.credit(provider, coin, amount);
        else _hold(coin, subAccounts.member(provider).owner, amount);
    }

    function _emitMade(bytes32 paymentId, Order calldata order, uint96 debit, uint64 obligation) private {
        emit PaymentMade(
            paymentId,
            order.payer,
            order.payee,
            order.payerCoin,
            debit,
            order.payeeCoin,
            order.amount,
            obligation,
            order.message
        );
    }
}
