using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Guessing passwords ends in the tarpit: hydra is diverted while it works and finds a password there, an intruder comes in with it, and the story, the
/// evidence and the recording are in the API. On a network of its own, since the other scenes have a stand-in for the tarpit.
/// </summary>
public sealed partial class DeceptionScene : IScene
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public string Title => "Deception (hydra, ssh, curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        await using var stage = await Stage.BuildAsync(cancellation);
        await stage.Appliance.StartAsync(new ApplianceSettings(Response: "auto", Tarpit: true), cancellation);
        foreach (var v6 in new[] { false, true })
        {
            await DeceiveAsync(play, stage, v6, cancellation);
            await DeceiveWebAsync(play, stage, v6, cancellation);
        }
    }

    /// <summary>Long enough that the guesser has to connect again: flows that were there before the diversion stay where they are.</summary>
    public static string WordList(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var list = GuessingActs.WordList(stage);
        var words = File.ReadAllLines(list);
        File.WriteAllLines(list, words.Concat(words.Select(word => word + "1")).Concat(words.Select(word => word + "123")).Concat(words.Select(word => word + "!")));
        return list;
    }

    /// <summary>The password that hydra says it found; null: none.</summary>
    public static string? FoundPassword(string output) => Found().Match(output) is { Success: true } found ? found.Groups["password"].Value : null;

    private async Task DeceiveAsync(Play play, Stage stage, bool v6, CancellationToken cancellation)
    {
        var family = v6 ? "IPv6" : "IPv4";
        var guest = await stage.Network.AddGuestAsync(v6 ? 2 : 1);
        var (source, target) = v6 ? (guest.Addresses6[0], stage.Network.Server.Addresses6[0]) : (guest.Addresses4[0], stage.Network.Server.Addresses4[0]);
        var guessing = await guest.Network.TryAsync(
            ["hydra", "-I", "-f", "-l", "root", "-P", WordList(stage), "-t", "4", "-w", "10", v6 ? "-6" : "-4", $"ssh://{(v6 ? $"[{target}]" : target)}:22"], s_limit, cancellation);
        var decision = await stage.Api.WaitForDecisionAsync(source, d => d.Verdict is "redirect", s_patience, cancellation);
        play.Facts.Holds(Title, $"what hydra got over {family}", "redirect (local)", $"{decision?.Verdict} ({decision?.Origin})", decision is { Verdict: "redirect", Origin: "local" });
        var password = FoundPassword(guessing.Output);
        play.Facts.Holds(Title, $"hydra found a password at the server over {family}, which has none to be found", "yes", password is null ? $"no: {guessing.Output}" : "yes", password is not null);
        if (password is null)
        {
            return;
        }

        var printed = await Intruder.WorkAsync(guest, stage.Run, source, target, password, cancellation);
        play.Facts.Holds(Title, $"the intruder saw Ubuntu's kernel and ran what he brought ({family})", "yes", printed.Contains("-generic", StringComparison.Ordinal) && printed.Contains("infected", StringComparison.Ordinal) ? "yes" : printed, printed.Contains("infected", StringComparison.Ordinal));
        var sessions = await SessionsAsync(stage.Api, $"{source}", Intruder.Commands.Count, cancellation);
        play.Facts.Is(Title, $"sessions of the intruder in the API ({family})", $"{Intruder.Commands.Count}", $"{sessions.Count}");
        play.Facts.Is(Title, $"where they went, as the intruder knows it ({family})", $"{target}:22", string.Join(' ', sessions.Select(s => $"{s["destination"]}:{s["destinationPort"]}").Distinct(StringComparer.Ordinal)));
        var last = sessions[0];
        var events = (await stage.Api.ReadAsync($"sessions/{last["id"]}/events", cancellation))["items"]!.AsArray();
        play.Facts.Some(Title, $"things told of his last session ({family})", events.Count);
        play.Facts.Holds(Title, $"evidence about the source ({family})", "tarpit-intrusion", string.Join(' ', await stage.Api.EvidenceKindsAsync(source, cancellation)),
            (await stage.Api.EvidenceKindsAsync(source, cancellation)).Contains("tarpit-intrusion"));
    }

    /// <summary>Guesses passwords at a form of the real server until the wall diverts the source. Null: it does not.</summary>
    public static async Task<string?> DivertAtFormAsync(Stage stage, Network.LabHost guest, System.Net.IPAddress source, System.Net.IPAddress target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(guest);
        var v6 = target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        await guest.Network.TryAsync(
            ["hydra", "-I", "-l", "root", "-P", GuessingActs.WordList(stage), "-t", "4", "-w", "5", v6 ? "-6" : "-4", $"http-post-form://{(v6 ? $"[{target}]" : target)}:80{Servers.ProtectedServer.FormPath}:user=^USER^&pass=^PASS^:F={Servers.ProtectedServer.FormRefusal}"], s_limit, cancellation);
        return (await stage.Api.WaitForDecisionAsync(source, d => d.Verdict is "redirect", s_patience, cancellation))?.Verdict;
    }

    private async Task DeceiveWebAsync(Play play, Stage stage, bool v6, CancellationToken cancellation)
    {
        var family = v6 ? "IPv6" : "IPv4";
        var guest = await stage.Network.AddGuestAsync(v6 ? 4 : 3);
        var (source, target) = v6 ? (guest.Addresses6[0], stage.Network.Server.Addresses6[0]) : (guest.Addresses4[0], stage.Network.Server.Addresses4[0]);
        var verdict = await DivertAtFormAsync(stage, guest, source, target, cancellation);
        play.Facts.Holds(Title, $"what a guesser at a web form got over {family}", "redirect", $"{verdict}", verdict is "redirect");
        var loot = await WebIntruder.WorkAsync(guest, stage.Run, target, GuessingActs.WordList(stage), cancellation);
        play.Facts.Holds(Title, $"he found a user and a password of a website that is none ({family})", "yes", loot.Password is null ? $"no: {loot.Users}" : "yes", loot.Password is not null);
        play.Facts.Holds(Title, $"he saw its users and installed a plugin ({family})", "yes", loot.Installed.Contains("installed successfully", StringComparison.Ordinal) ? "yes" : "no", loot.Users.Contains($"{loot.User}@", StringComparison.Ordinal) && loot.Installed.Contains("installed successfully", StringComparison.Ordinal));
        var session = await WebSessionAsync(stage.Api, $"{source}", cancellation);
        play.Facts.Holds(Title, $"the plugin is kept with the session ({family})", "1 file", $"{session?["files"]?.AsArray().Count} file", session is not null);
        var kinds = await stage.Api.EvidenceKindsAsync(source, cancellation);
        play.Facts.Holds(Title, $"evidence about the web intruder ({family})", "tarpit-intrusion", string.Join(' ', kinds), kinds.Contains("tarpit-intrusion"));
    }

    /// <summary>The web session of a source in which a file was brought; null: there is none.</summary>
    public static async Task<JsonNode?> WebSessionAsync(ApplianceApi api, string source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(api);
        JsonNode? found = null;
        await Tool.UntilAsync(
            async () =>
            {
                var page = await api.ReadAsync($"sessions?source={Uri.EscapeDataString(source)}&limit=100", cancellation);
                found = page["items"]!.AsArray().FirstOrDefault(s => (string)s!["protocol"]! is "http" && s["files"]!.AsArray().Count > 0 && s["ended"] is not null);
                return found is not null;
            },
            s_patience,
            cancellation);
        return found;
    }

    /// <summary>Sessions of a source in which somebody was let in and ran something, once there are as many as expected.</summary>
    public static async Task<IReadOnlyList<JsonNode>> SessionsAsync(ApplianceApi api, string source, int expected, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(api);
        List<JsonNode> found = [];
        await Tool.UntilAsync(
            async () =>
            {
                var page = await api.ReadAsync($"sessions?source={Uri.EscapeDataString(source)}&limit=100", cancellation);
                found = [.. page["items"]!.AsArray().Where(s => s!["user"] is not null && (int)s["commands"]! > 0 && s["ended"] is not null).Select(s => s!)];
                return found.Count >= expected;
            },
            s_patience,
            cancellation);
        return found;
    }

    [GeneratedRegex(@"login: root\s+password: (?<password>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Found();
}
