using System.Globalization;

namespace Blackwall.Behavior.Judgement;

/// <summary>How evidence reads. Numbers only: nothing that the other side wrote.</summary>
internal static class Sentences
{
    public static string Scan(int ports, int hosts, uint milliseconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"contacted {Count(ports, "port")} of {Count(hosts, "host")} in {Duration(milliseconds)} without using any");

    public static string Duration(uint milliseconds) => milliseconds switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds} ms"),
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:F1} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000.0:F0} min"),
    };

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
