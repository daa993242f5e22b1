namespace Blackwall.Feeds.Wire;

/// <summary>Where in a CSV feed what stands.</summary>
/// <param name="Column">Name of the column that has the address.</param>
/// <param name="Index">Its place where there is no header, from 0; -1: the first field that is an address.</param>
internal sealed record CsvLayout(string Column, int Index)
{
    /// <summary>Any CSV: the first field of a row that is an address.</summary>
    public static CsvLayout Any { get; } = new("", -1);

    public static CsvLayout Feodo { get; } = new("dst_ip", 1) { State = "c2_status", StateIndex = 3, Off = "offline", Note = "malware", NoteIndex = 5 };

    public static CsvLayout Sslbl { get; } = new("DstIP", 1);

    public static CsvLayout Threatfox { get; } = new("ioc_value", 2) { State = "ioc_type", StateIndex = 3, On = "ip:port", Note = "malware_printable", NoteIndex = 7 };

    public static CsvLayout Urlhaus { get; } = new("url", 2) { State = "url_status", StateIndex = 3, Off = "offline", Note = "threat", NoteIndex = 5, IsUrl = true };

    /// <summary>Column that says whether the row counts; empty: each does.</summary>
    public string State { get; init; } = "";

    public int StateIndex { get; init; } = -1;

    /// <summary>The only state that counts; empty: all but <see cref="Off"/>.</summary>
    public string On { get; init; } = "";

    /// <summary>The state that does not count.</summary>
    public string Off { get; init; } = "";

    /// <summary>Column with what is told beside the address.</summary>
    public string Note { get; init; } = "";

    public int NoteIndex { get; init; } = -1;

    /// <summary>Whether the column has URLs, of which those count whose host is an address.</summary>
    public bool IsUrl { get; init; }
}
