namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>What both sides agreed on (RFC 4253 §7.1): of each list the client's first name that the server has too.</summary>
/// <param name="WrongGuess">The client guessed another key exchange or host key; its first message is to be skipped.</param>
internal sealed record Negotiation(
    string Kex,
    string HostKey,
    string CipherIn,
    string CipherOut,
    string? MacIn,
    string? MacOut,
    string CompressionIn,
    string CompressionOut,
    bool WrongGuess)
{
    /// <summary>Null: of some list nothing is common.</summary>
    public static Negotiation? TryAgree(KexInit client, KexInit server)
    {
        if (First(client.Kex, server.Kex) is not { } kex
            || First(client.HostKeys, server.HostKeys) is not { } hostKey
            || First(client.CiphersIn, server.CiphersIn) is not { } cipherIn
            || First(client.CiphersOut, server.CiphersOut) is not { } cipherOut)
        {
            return null;
        }

        string? macIn = IsAead(cipherIn) ? null : First(client.MacsIn, server.MacsIn);
        string? macOut = IsAead(cipherOut) ? null : First(client.MacsOut, server.MacsOut);
        if ((macIn is null && !IsAead(cipherIn)) || (macOut is null && !IsAead(cipherOut))
            || First(client.CompressionIn, server.CompressionIn) is not { } compressionIn
            || First(client.CompressionOut, server.CompressionOut) is not { } compressionOut)
        {
            return null;
        }

        bool wrongGuess = client.FirstKexFollows
            && (!string.Equals(client.Kex[0], server.Kex[0], StringComparison.Ordinal) || !string.Equals(client.HostKeys[0], server.HostKeys[0], StringComparison.Ordinal));
        return new Negotiation(kex, hostKey, cipherIn, cipherOut, macIn, macOut, compressionIn, compressionOut, wrongGuess);
    }

    /// <summary>Ciphers that authenticate by themselves.</summary>
    public static bool IsAead(string cipher) => cipher.Contains("gcm", StringComparison.Ordinal) || cipher.StartsWith("chacha20", StringComparison.Ordinal);

    private static string? First(string[] client, string[] server) =>
        Array.Find(client, name => Array.IndexOf(server, name) >= 0 && !IsMarker(name));

    // Names that announce something and are no algorithms.
    private static bool IsMarker(string name) => name.StartsWith("ext-info-", StringComparison.Ordinal) || name.StartsWith("kex-strict-", StringComparison.Ordinal);
}
