import type { Network } from "../network-schema.ts";
import type { BesuNode } from "../nodes.ts";
import { configFolder } from "./node-files.ts";

export const unitName = ({ chain }: Pick<BesuNode, "chain">): string => `besu-${chain}.service`;

/**
 * The unit of one node. `Restart=always` because Besu ends itself when it is out of memory; no memory that is both
 * writable and executable cannot be asked for, since the JVM compiles as it runs.
 */
export function systemdUnit(network: Network, node: BesuNode): string {
  return `[Unit]
Description=Besu ${network.besu}, ${node.role} of the ${node.chain} chain of ${network.network}
Documentation=https://besu.hyperledger.org
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
User=besu
Group=besu
# JAVA_HOME (JDK 25) where it is not the system's, and BESU_OPTS for another heap.
Environment=BESU_OPTS=-Xmx4g
EnvironmentFile=-/etc/besu/besu.env
ExecStart=/opt/besu/bin/besu --config-file=${configFolder(node)}/besu.toml
Restart=always
RestartSec=5
TimeoutStopSec=180
SuccessExitStatus=143
LimitNOFILE=65536
StateDirectory=besu/${node.chain}
StateDirectoryMode=0700
UMask=0077
NoNewPrivileges=true
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RemoveIPC=true
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;
}
