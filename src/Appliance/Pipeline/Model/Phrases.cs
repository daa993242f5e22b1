using System.Globalization;

namespace Blackwall.Pipeline.Model;

/// <summary>How numbers read in sentences.</summary>
public static class Phrases
{
    public static string Duration(long? milliseconds) => (milliseconds ?? 0) switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds ?? 0} ms"),
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:F1} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000.0:F0} min"),
    };

    public static string Count(long? count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count ?? 0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>In whole MiB, rounded down.</summary>
    public static string Mebibytes(long? bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes ?? 0) >> 20} MiB");
}
