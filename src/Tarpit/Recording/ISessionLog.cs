namespace Blackwall.Tarpit.Recording;

/// <summary>Where one session is recorded. Thread-safe; never blocks; what finds no place is counted.</summary>
internal interface ISessionLog
{
    /// <summary>Twelve hexadecimal digits.</summary>
    string Id { get; }

    void Tell(Observation observation);

    /// <summary>What the peer saw or typed on its terminal.</summary>
    void Typescript(bool isInput, ReadOnlySpan<byte> bytes);

    /// <summary>A file that the peer brought, whole or as far as it may be kept.</summary>
    /// <returns>SHA-256 in hexadecimal digits.</returns>
    string Keep(string name, ReadOnlySpan<byte> content);
}
