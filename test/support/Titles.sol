// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../contracts/access/Products.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {TradeDeployment} from "./TradeDeployment.sol";
import {vm} from "./Test.sol";

contract StandInRegistry is Products {
    error StandIn(uint256 why);
    mapping(bytes32 => ITitleRegistry.Title) private _t;
    mapping(bytes32 => address) private _locker;

    constructor(address a) AccessManaged(a) {}

    function mint(bytes32 id, address holder) external {
        _t[id].holder = holder;
        _t[id].owner = holder;
        _t[id].issuer = msg.sender;
        _t[id].status = ITitleRegistry.Status.Active;
    }

    function setFrozen(bytes32 id, bool f) external {
        _t[id].frozen = f;
    }

    function setPledged(bytes32 id, bool f) external {
        _t[id].pledged = f;
    }

    function title(bytes32 id) external view returns (ITitleRegistry.Title memory) {
        return _t[id];
    }

    function lock(bytes32 id, address seller) external onlyProduct {
        ITitleRegistry.Title storage t = _t[id];
        require(t.status == ITitleRegistry.Status.Active, StandIn(1));
        require(t.holder == seller && t.owner == seller, StandIn(2));
        require(!t.frozen && !t.pledged, StandIn(3));
        t.status = ITitleRegistry.Status.Locked;
        _locker[id] = msg.sender;
    }

    function unlock(bytes32 id) external onlyProduct {
        require(_locker[id] == msg.sender, StandIn(4));
        delete _locker[id];
        _t[id].status = ITitleRegistry.Status.Active;
    }

    function deliverLocked(bytes32 id, address to) external onlyProduct {
        require(_locker[id] == msg.sender, StandIn(4));
        require(!_t[id].frozen, StandIn(5));
        delete _locker[id];
        _t[id].status = ITitleRegistry.Status.Active;
        _t[id].holder = to;
        _t[id].owner = to;
    }
}

abstract contract Titles is TradeDeployment {
    ITitleRegistry internal titleRegistry;
    uint256 private _titles;

    function setUp() public virtual override {
        super.setUp();
        titleRegistry = ITitleRegistry(address(new StandInRegistry(address(manager))));
        _allow(address(titleRegistry), Products.setProduct.selector, GOVERNANCE);
    }

    function _newTitle(address holder) internal returns (bytes32 titleId) {
        titleId = keccak256(abi.encode("title", ++_titles));
        vm.prank(carrier);
        StandInRegistry(address(titleRegistry)).mint(titleId, holder);
    }

    function _freezeTitle(bytes32 titleId) internal {
        StandInRegistry(address(titleRegistry)).setFrozen(titleId, true);
    }

    function _unfreezeTitle(bytes32 titleId) internal {
        StandInRegistry(address(titleRegistry)).setFrozen(titleId, false);
    }

    function _pledgeTitle(bytes32 titleId) internal {
        StandInRegistry(address(titleRegistry)).setPledged(titleId, true);
    }
}
