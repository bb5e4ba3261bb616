// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../contracts/access/IParticipants.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {ClaimRegistry} from "../../contracts/trade/claims/ClaimRegistry.sol";
import {DocumentRegistry} from "../../contracts/trade/documents/DocumentRegistry.sol";
import {ForeignTitles} from "../../contracts/trade/sales/ForeignTitles.sol";
import {TradeBook} from "../../contracts/trade/sales/TradeBook.sol";
import {FinanceRooms} from "./FinanceRooms.sol";
import {vm} from "./Test.sol";

/// @title The contracts of both chains in one EVM, as deployed, and everybody who acts on them
/// @dev Buyer and broker, who buys too, have one bank, seller and carrier another.
abstract contract TradeDeployment is FinanceRooms {
    uint16 internal constant BILL_OF_LADING = 705;
    uint16 internal constant EXPORT_DECLARATION = 830;
    /// @dev The first of nine types that the carrier may issue, one a milestone.
    uint16 internal constant MILESTONE_DOCUMENT = 900;

    DocumentRegistry internal registry;
    ClaimRegistry internal claims;
    TradeBook internal tradeBook;
    Stablecoin internal dollar;
    Stablecoin internal euro;

    address internal accreditor;
    address internal arbiter;
    address internal seller;
    address internal buyer;
    uint256 internal buyerKey;
    address internal carrier;
    address internal broker;

    uint16 internal buyersBank;
    uint16 internal sellersBank;

    mapping(Stablecoin coin => uint256) internal donated;

    function setUp() public virtual override {
        super.setUp();
        _nameActors();
        registry = _newRegistry();
        claims = ClaimRegistry(_deploy("ClaimRegistry.sol:ClaimRegistry", abi.encode(manager, participants)));
        tradeBook = TradeBook(
            _deploy("TradeBook.sol:TradeBook", abi.encode(manager, participants, registry, claims, FINANCE_CHAIN))
        );
        _grantTradeRoles();
        dollar = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        euro = _newCoin("Huangpu Euro", "HPEUR", "EUR");
        _link();
        _admitAll();
        _openCorridor("CN", "CN", "USD");
        _openCorridor("CN", "CN", "EUR");
    }

    // ------------------------------------------------------------------------------------------- setting it up

    function _nameActors() private {
        accreditor = makeAddr("accreditor");
        arbiter = makeAddr("arbiter");
        seller = makeAddr("seller");
        (buyer, buyerKey) = makeAddrAndKey("buyer");
        carrier = makeAddr("carrier");
        broker = makeAddr("broker");
    }

    function _newRegistry() internal returns (DocumentRegistry newRegistry) {
        newRegistry = DocumentRegistry(
            _deploy("DocumentRegistry.sol:DocumentRegistry", abi.encode(manager, participants))
        );
        _allow(address(newRegistry), DocumentRegistry.setAccreditation.selector, ACCREDITOR);
        _allow(address(newRegistry), DocumentRegistry.addObserver.selector, OPERATOR);
    }

    function _grantTradeRoles() private {
        manager.grantRole(ACCREDITOR, accreditor, 0);
        manager.grantRole(ARBITER, arbiter, 0);
        _allow(address(tradeBook), TradeBook.resolve.selector, ARBITER);
        claims.setProduct(address(tradeBook), true);
        _allow(address(tradeBook), ForeignTitles.recogniseTitleRegistry.selector, ACCREDITOR);
        _allow(address(tradeBook), Counterpart.linkCounterpart.selector, OPERATOR);
    }

    function _link() private {
        gateway.place(address(tradeBook), TRADE_CHAIN);
        vm.startPrank(operator);
        tradeBook.linkCounterpart(address(gateway), address(settlement));
        settlement.linkCounterpart(address(gateway), address(tradeBook));
        registry.addObserver(tradeBook);
        vm.stopPrank();
    }

    function _admitAll() private {
        address[4] memory traders = [seller, buyer, carrier, broker];
        for (uint256 i = 0; i < traders.length; ++i) _admit(traders[i]);
        buyersBank = _newBank(makeAddr("buyer's bank"));
        sellersBank = _newBank(makeAddr("seller's bank"));
        _join(buyer, buyersBank);
        _join(broker, buyersBank);
        _join(seller, sellersBank);
        _join(carrier, sellersBank);
        _accredit(seller, INVOICE);
        _accredit(carrier, BILL_OF_LADING);
        _accredit(broker, EXPORT_DECLARATION);
        for (uint16 i = 0; i < 9; ++i) _accredit(carrier, MILESTONE_DOCUMENT + i);
    }

    function _list(Stablecoin coin, bool listed) internal {
        vm.prank(operator);
        settlement.listCoin(coin, listed);
    }

    function _admit(address account) internal returns (Lei) {
        return _admit(account, "CN");
    }

    function _accredit(address account, uint16 documentType) internal {
        vm.prank(accreditor);
        registry.setAccreditation(account, documentType, true);
    }
}
