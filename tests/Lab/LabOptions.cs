using System.Globalization;

namespace Blackwall.Lab;

/// <summary>The command line of <c>./blackwall lab</c>.</summary>
/// <param name="Offload">Settings of checksum offload to redirect flows with.</param>
/// <param name="SecondsLimit">After this many seconds the story is broken off.</param>
/// <param name="Only">Only scenes with this in their title are played; empty: all.</param>
/// <param name="Transcripts">Folder for what intruders saw at their terminals; empty: it is not kept.</param>
public sealed record LabOptions(IReadOnlyList<bool> Offload, bool Json, bool Keep, int SecondsLimit, string Only, string Transcripts)
{
    private const int LowestLimit = 60;
    private const int HighestLimit = 3600;

    /// <returns>Null when the arguments make no sense; <paramref name="mistake"/> says why.</returns>
    public static LabOptions? Parse(IReadOnlyList<string> arguments, out string? mistake)
    {
        var options = new LabOptions([true, false], Json: false, Keep: false, SecondsLimit: 900, Only: "", Transcripts: "");
        mistake = null;
        for (var i = 0; i < arguments.Count && mistake is null; i++)
        {
            switch (arguments[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--keep":
                    options = options with { Keep = true };
                    break;
                case "--only" when ++i < arguments.Count:
                    options = options with { Only = arguments[i] };
                    break;
                case "--only":
                    mistake = "--only takes a part of a scene's title.";
                    break;
                case "--transcripts" when ++i < arguments.Count && Directory.Exists(arguments[i]):
                    options = options with { Transcripts = Path.GetFullPath(arguments[i]) };
                    break;
                case "--transcripts":
                    mistake = "--transcripts takes a folder that exists.";
                    break;
                case "--offload" when ++i < arguments.Count && ParseOffload(arguments[i]) is { } offload:
                    options = options with { Offload = offload };
                    break;
                case "--offload":
                    mistake = "--offload takes on, off or both.";
                    break;
                case "--seconds-limit" when ++i < arguments.Count
                    && int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    && seconds is >= LowestLimit and <= HighestLimit:
                    options = options with { SecondsLimit = seconds };
                    break;
                case "--seconds-limit":
                    mistake = "--seconds-limit takes a number from 60 to 3600.";
                    break;
                default:
                    mistake = $"'{arguments[i]}' is no option of the lab; './blackwall lab --help' lists them.";
                    break;
            }
        }

        return mistake is null ? options : null;
    }

    private static bool[]? ParseOffload(string word) => word switch
    {
        "on" => [true],
        "off" => [false],
        "both" => [true, false],
        _ => null,
    };
}
