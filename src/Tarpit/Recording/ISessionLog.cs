namespace Blackwall.Tarpit.Recording;

/// <summary>Where one session is recorded. Thread-safe; never blocks; what finds no place is counted.</summary>
internal interface ISessionLog
{
    /// <summary>Twelve hexadecimal digits.</summary>
    string Id { get; }

    /// <summary>Records one thing that happened.</summary>
    void Record(Observation observation);

    /// <summary>Records what the peer typed (input) or saw (output) on its terminal.</summary>
    void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes);

    /// <summary>Saves a file that the peer brought, if limits allow; its hash is given in any case.</summary>
    /// <returns>SHA-256 in hexadecimal digits.</returns>
    string SaveFile(string name, ReadOnlySpan<byte> content);
}
