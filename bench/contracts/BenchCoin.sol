// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A coin that anybody may create: collateral, where a coin's own rules are not what is measured.
contract BenchCoin is ERC20 {
    bytes3 public immutable currency;

    constructor(bytes3 code) ERC20("Bench Coin", "BENCH") {
        currency = code;
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
