namespace Blackwall.Benchmarks.Detection;

/// <summary>
/// Public captures that the figures are taken from where somebody has them, under the folders that their README names, and what is in them.
/// An empty kind means that any alarm about the subject counts.
/// </summary>
internal static class Captures
{
    public static IReadOnlyList<(string File, string What, IReadOnlyList<Truth> Truths)> All { get; } =
    [
        ("slips/test7-malicious.pcap", "Mirai on a camera, scanning", [new("192.168.2.16", -1, ["outbound-scan"])]),
        ("slips/test12-icmp-portscan.pcap", "ping sweep", [new("192.168.1.109", -1, ["ping-sweep"])]),
        ("slips/test8-malicious.pcap", "ARP scan (no IP in it)", []),
        ("slips/test-cc/test-cc-capture-1.pcap", "check-ins over TLS every 2 s", [new("147.32.80.37 141.193.213.21", -1, ["beacon"])]),
        ("slips/test-cc/test-cc-capture-2.pcap", "check-ins over TLS every 3 s, with jitter", [new("147.32.80.37 141.193.213.20", -1, ["beacon"])]),
        ("slips/test19-malicious-ssh/malicious-ssh-bruteforce.pcap", "SSH guessing at port 902", [new("147.32.80.40", -1, ["brute-force"])]),
        ("ndpi/synscan.pcap", "SYN scan", [new("172.16.0.8", -1, ["outbound-scan", "port-scan"])]),
        ("ndpi/tcp_scan.pcapng", "eight probes: connect, SYN, FIN, NULL, XMAS", [new("192.168.1.178", -1, ["stealth-scan", "port-scan", "slow-port-scan"])]),
        ("ndpi/dns-tunnel-iodine.pcap", "iodine", [new("10.0.2.30", -1, ["dns-tunnel"])]),
        ("ndpi/icmp-tunnel.pcap", "ping tunnel", [new("192.168.154.132", -1, ["icmp-tunnel"]) ]),
        ("ndpi/WebattackSQLinj.pcap", "SQL injection", [new("172.16.0.1", -1, ["http-probe"])]),
        ("zeek/ssh__sshguess.pcap", "SSH guessing", [new("192.168.56.1", -1, ["brute-force"])]),
        ("zeek/ftp__bruteforce.pcap", "FTP guessing", [new("192.168.56.1", -1, ["brute-force"])]),
        ("ddos/pkt.TCP.synflood.spoofed.pcap", "spoofed SYN flood", []),
        ("ddos/amp.TCP.reflection.SYNACK.pcap", "SYN-ACK reflection", []),
        ("ddos/amp.UDP.isakmp.pcap", "ISAKMP amplification", []),
        ("ndpi/malware.pcap", "flows to known hosts; behaviour ordinary", []),
        ("ndpi/bot.pcap", "a search engine's crawler", []),
        ("ndpi/tor.pcap", "Tor", []),
        ("ndpi/teamviewer.pcap", "TeamViewer", []),
        ("ndpi/monero.pcap", "mining", []),
        ("ndpi/ssh.pcap", "SSH sessions", []),
        ("ndpi/443-chrome.pcap", "browser", []),
        ("ndpi/443-firefox.pcap", "browser", []),
        ("ndpi/443-curl.pcap", "downloads", []),
        ("ja4/latest.pcapng", "browsers", []),
        ("ja4/tls-handshake.pcapng", "TLS clients", []),
        ("ja4/http2-with-cookies.pcapng", "browser", []),
        ("ja4/ssh2.pcapng", "SSH sessions", []),
        ("zeek/quic__firefox-102.13.0esr-blog-cloudflare-com.pcap", "browser, QUIC", []),
        ("zeek/quic__quic_win11_firefox_google.pcap", "browser, QUIC", []),
        ("suricata-verify/tls__tls-cert-issuer__tls.pcap", "TLS clients", []),
    ];
}
