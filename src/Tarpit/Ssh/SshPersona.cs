using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>Which sshd a server is: what it says on the wire before anybody logs in.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Version">Identification without its end of line.</param>
/// <param name="Offer">Its KEXINIT.</param>
/// <param name="SignatureAlgorithms">"server-sig-algs" of its EXT_INFO.</param>
/// <param name="Extensions">The rest of its EXT_INFO.</param>
/// <param name="HasStrictKex">Whether it knows kex-strict-c-v00@openssh.com.</param>
/// <param name="HasPing">Whether it answers ping@openssh.com.</param>
internal sealed record SshPersona(
    string Name,
    string Version,
    KexInit Offer,
    string SignatureAlgorithms,
    IReadOnlyList<(string Name, string Value)> Extensions,
    bool HasStrictKex,
    bool HasPing)
{
    private const string HostKeyNames = "rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519";
    private const string Ciphers = "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com";
    private const string Compressions = "none,zlib@openssh.com";
    private const string Kex = "sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
        + "ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256";

    private const string Macs = "umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
        + "hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1";

    // 9.6 tells what it accepts by default; 9.2 tells all that it was built with.
    private const string SignatureNames = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"
        + "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256";

    private const string SignatureNames92 = "ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
        + "sk-ecdsa-sha2-nistp256@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,ssh-dss,ssh-rsa,rsa-sha2-256,rsa-sha2-512";

    /// <summary>OpenSSH 9.6p1 as Ubuntu 24.04 ships it.</summary>
    public static SshPersona Ubuntu2404 { get; } = new(
        "ubuntu-24.04",
        "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5",
        Lists(Kex + ",ext-info-s,kex-strict-s-v00@openssh.com"),
        SignatureNames,
        [("publickey-hostbound@openssh.com", "0"), ("ping@openssh.com", "0")],
        HasStrictKex: true,
        HasPing: true);

    /// <summary>OpenSSH 9.2p1 as Debian 12 ships it.</summary>
    public static SshPersona Debian12 { get; } = new(
        "debian-12",
        "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
        Lists("sntrup761x25519-sha512," + Kex + ",kex-strict-s-v00@openssh.com"),
        SignatureNames92,
        [("publickey-hostbound@openssh.com", "0")],
        HasStrictKex: true,
        HasPing: false);

    public static IReadOnlyList<SshPersona> All { get; } = [Ubuntu2404, Debian12];

    /// <summary>Its EXT_INFO.</summary>
    public ReadOnlySpan<byte> ExtInfo()
    {
        SshWriter writer = new SshWriter(SshMessage.ExtInfo, 512).UInt32((uint)Extensions.Count + 1).Text("server-sig-algs").Text(SignatureAlgorithms);
        foreach ((string name, string value) in Extensions)
        {
            writer.Text(name).Text(value);
        }

        return writer.Written;
    }

    private static KexInit Lists(string kex) => new(
        [.. new[] { kex, HostKeyNames, Ciphers, Ciphers, Macs, Macs, Compressions, Compressions, "", "" }.Select(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        FirstKexFollows: false);
}
