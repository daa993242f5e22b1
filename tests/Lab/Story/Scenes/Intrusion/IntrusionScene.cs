using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Capture = Blackwall.Lab.Measure.Capture;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes.Intrusion;

/// <summary>
/// A whole intrusion at a terminal: hydra finds a password, the intruder looks round, brings a program, makes sure that he can come back, tries the machine
/// beside, and removes his traces. The appliance is started again, now with a language model. He comes back from another address by his key and finds what he left; a
/// stranger who does the same finds nothing of his, and sees what the first saw, whether there is a model or not. On a network of its own.
/// </summary>
/// <param name="transcripts">Folder for what was shown at the terminals; empty: it is not kept.</param>
public sealed class IntrusionScene(string transcripts) : IScene
{
    private const string Improvised = "pinky";
    private const string ImprovisedLine = "Login    Name                 TTY";
    private const string ThiefPassword = "n0body-else", StrangerPassword = "only-m3";
    private static readonly TimeSpan s_guessing = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public string Title => "A full intrusion, and a second visit (hydra, ssh, sftp, mariadb, curl, scripted model)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(play);
        await using var stage = await Stage.BuildAsync(cancellation);
        var (target, neighbour, store) = (stage.Network.Server.Addresses4[0], stage.Network.Server.Addresses4[1], stage.Network.Client.Addresses4[0]);
        var (thief, elsewhere, stranger) = (await stage.Network.AddGuestAsync(1), await stage.Network.AddGuestAsync(2), await stage.Network.AddGuestAsync(3));
        string key = await KeyAsync(stage, "thief", cancellation), other = await KeyAsync(stage, "stranger", cancellation);
        var program = stage.Run.File(IntrusionPlan.Worker);
        await File.WriteAllTextAsync(program, IntrusionPlan.Program, cancellation);

        ApplianceSettings without = new(Response: "auto", Tarpit: true);
        await stage.Appliance.StartAsync(without, cancellation);
        IReadOnlyList<string> first;
        await using (var beside = await Capture.StartAsync(stage.Run, stage.Network.Server.Network, LabHost.Interface, $"host {neighbour}", cancellation))
        await using (var outside = await Capture.StartAsync(stage.Run, stage.Network.Client.Network, LabHost.Interface, $"host {store}", cancellation))
        {
            first = await IntrudeAsync(play, stage, thief, new Aims(target, neighbour, store, key, ThiefPassword, program), [], cancellation);
            await DatabaseAsync(play, stage, thief, target, cancellation);

            // The positive control of the two captures: an honest user's ping to the machine that the intruder tried.
            play.Facts.None(Title, "packets that the intrusion sent to the server beside", await SeenAsync(beside, cancellation));
            play.Facts.None(Title, "packets that it sent to the machine with his programs", await SeenAsync(outside, cancellation));
        }

        await ControlAsync(play, stage, neighbour, cancellation);

        play.Narrator.Say("the appliance starts again, with a language model");
        await using var model = new ModelServer(socket: stage.Network.Edge.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)) { Writer = Write };
        await stage.Appliance.StopAsync();
        await stage.Appliance.StartAsync(without with { Extra = $"[tarpit.llm]\nenabled = true\nendpoint = \"{model.Endpoint}\"\nanswer_ms = 10000\n" }, cancellation);
        await ReturnAsync(play, stage, elsewhere, target, thief.Addresses4[0], key, cancellation);

        var second = await IntrudeAsync(play, stage, stranger, new Aims(target, neighbour, store, other, StrangerPassword, program), IntrusionPlan.Nothing, cancellation);
        var differ = first.Zip(second).Count(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
        play.Facts.Holds(
            Title,
            "commands that print something else where there is a model",
            "0",
            differ == 0 ? "0" : string.Join(" | ", first.Zip(second).Where(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal)).Select(pair => $"'{pair.First}' and '{pair.Second}'")),
            differ == 0 && first.Count == second.Count);
        play.Facts.Some(Title, "commands compared", first.Count);
        await ImproviseAsync(play, stage, stranger, target, model, cancellation);
    }

    /// <summary>Everything from the first guess to the removed log. Returns what each command printed, of those that print the same to everybody.</summary>
    private async Task<IReadOnlyList<string>> IntrudeAsync(Play play, Stage stage, LabHost guest, Aims aims, IReadOnlyList<IntrusionStep> look, CancellationToken cancellation)
    {
        var source = guest.Addresses4[0];
        var guessing = await guest.Network.TryAsync(
            ["hydra", "-I", "-f", "-l", "root", "-P", DeceptionScene.WordList(stage), "-t", "4", "-w", "10", $"ssh://{aims.Target}:22"], s_guessing, cancellation);
        var decision = await stage.Api.WaitForDecisionAsync(source, d => d.Verdict is "redirect", s_patience, cancellation);
        play.Facts.Holds(Title, $"what the guesser at {source} got", "redirect (local)", $"{decision?.Verdict} ({decision?.Origin})", decision is { Verdict: "redirect", Origin: "local" });
        if (DeceptionScene.FoundPassword(guessing.Output) is not { } password)
        {
            throw new ToolFailedException($"hydra found no password: {guessing.Output}");
        }

        var access = await SshAccess.WithPasswordAsync(guest, stage.Run, source, aims.Target, "root", password, cancellation);
        List<string> printed = [];
        await using var terminal = await access.OpenTerminalAsync(cancellation);
        if (look.Count > 0)
        {
            await StepsAsync(play, "what the other left", terminal, look, cancellation);
        }

        var upload = await access.UploadAsync(stage.Run, aims.Program, $"/tmp/{IntrusionPlan.Worker}", cancellation);
        play.Facts.Is(Title, "his program uploaded with sftp", "yes", upload.Succeeded ? "yes" : upload.Errors);
        printed.AddRange(await StepsAsync(play, "recon", terminal, IntrusionPlan.Recon(source, aims.Target), cancellation));
        printed.AddRange(await StepsAsync(play, "download", terminal, IntrusionPlan.Download(aims.Store), cancellation));
        printed.AddRange(await StepsAsync(play, "persistence", terminal, IntrusionPlan.Persist((await File.ReadAllTextAsync($"{aims.Key}.pub", cancellation)).Trim(), aims.Password), cancellation));
        printed.AddRange(await StepsAsync(play, "lateral movement", terminal, IntrusionPlan.GoOn(aims.Neighbour), cancellation));
        printed.AddRange(await StepsAsync(play, "orders to a model", terminal, IntrusionPlan.Orders, cancellation));
        printed.AddRange(await StepsAsync(play, "traces", terminal, IntrusionPlan.Cover, cancellation));
        play.Facts.Is(Title, "he logs out", "0", $"{await terminal.LogOutAsync(cancellation)}");
        await KeepAsync(terminal, $"{source}", cancellation);
        await ToldAsync(play, stage, source, cancellation);
        var page = await guest.Network.TryAsync(["curl", "-s", "--max-time", "20", $"http://{aims.Target}/{IntrusionPlan.Page}"], s_patience, cancellation);
        play.Facts.Is(Title, "his page, as he sees it from outside", IntrusionPlan.PageText, page.Output.Trim());
        return printed;
    }

    private async Task<IReadOnlyList<string>> StepsAsync(Play play, string part, RemoteTerminal terminal, IReadOnlyList<IntrusionStep> steps, CancellationToken cancellation)
    {
        List<string> printed = [], wrong = [];
        foreach (var step in steps)
        {
            var text = await terminal.TypeAsync(step.Command, cancellation);
            if (!Regex.IsMatch(text, step.Printed, RegexOptions.None, TimeSpan.FromSeconds(1)))
            {
                wrong.Add($"{step.About}: {step.Command} printed '{text}'");
            }

            if (!step.Changes)
            {
                printed.Add($"{step.Command}\n{text}");
            }
        }

        play.Facts.Holds(Title, $"{part}: commands that print what a real server prints", string.Create(CultureInfo.InvariantCulture, $"{steps.Count} of {steps.Count}"),
            wrong.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"{steps.Count} of {steps.Count}") : string.Join(" | ", wrong), wrong.Count == 0);
        return printed;
    }

    /// <summary>The sessions of an intruder in the API: his program, his commands, his terminal, and what the pipeline holds against him.</summary>
    private async Task ToldAsync(Play play, Stage stage, IPAddress source, CancellationToken cancellation)
    {
        List<JsonNode> sessions = [];
        await Tool.UntilAsync(
            async () =>
            {
                var page = await stage.Api.ReadAsync($"sessions?source={source}&limit=100", cancellation);
                sessions = [.. page["items"]!.AsArray().Where(session => session!["user"] is not null && session["ended"] is not null).Select(session => session!)];
                return sessions.Exists(session => (int)session["commands"]! > 20);
            },
            s_patience,
            cancellation);
        play.Facts.Some(Title, $"commands of {source} that the API tells", sessions.Sum(session => (int)session["commands"]!));
        play.Facts.Some(Title, "files of his that are kept", sessions.Sum(session => session["files"]!.AsArray().Count));
        var kinds = await stage.Api.EvidenceKindsAsync(source, cancellation);
        foreach (var kind in new[] { "tarpit-intrusion", "tarpit-injection" })
        {
            play.Facts.Holds(Title, $"evidence about {source}", kind, string.Join(' ', kinds), kinds.Contains(kind, StringComparer.Ordinal));
        }
    }

    /// <summary>The website's credentials open the database from outside.</summary>
    private async Task DatabaseAsync(Play play, Stage stage, LabHost guest, IPAddress target, CancellationToken cancellation)
    {
        var access = await SshAccess.WithPasswordAsync(guest, stage.Run, guest.Addresses4[0], target, "root", ThiefPassword, cancellation);
        var found = (await access.RunAsync("grep -hoP \"define\\( *'DB_(NAME|USER|PASSWORD)', *'\\K[^']+\" /var/www/html/wp-config.php", cancellation)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        play.Facts.Is(Title, "words that the website's configuration gives to who logs in with the new password", "3", $"{found.Length}");
        if (found is [var name, var user, var password])
        {
            var users = await guest.Network.TryAsync(["mariadb", "--no-defaults", "-h", $"{target}", "-u", user, $"-p{password}", "-N", "-e", $"SELECT COUNT(*) FROM {name}.wp_users"], s_patience, cancellation);
            play.Facts.Holds(Title, "users of the website in its database, asked from outside with them", "some", users.Output.Trim() + users.Errors.Trim(), int.TryParse(users.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0);
        }
    }

    private async Task ReturnAsync(Play play, Stage stage, LabHost guest, IPAddress target, IPAddress before, string key, CancellationToken cancellation)
    {
        var source = guest.Addresses4[0];
        await stage.Api.MustDecideAsync($"{source}", "redirect", cancellation);
        play.Narrator.Say($"the intruder comes back from {source}, which the operator has diverted, with his key");
        await using var terminal = await SshAccess.WithKey(guest, source, target, "root", key).OpenTerminalAsync(cancellation);
        await StepsAsync(play, "second visit", terminal, IntrusionPlan.Return(before), cancellation);
        await terminal.LogOutAsync(cancellation);
        await KeepAsync(terminal, $"{source}", cancellation);
        var account = await SshAccess.WithPasswordAsync(guest, stage.Run, source, target, IntrusionPlan.Account, IntrusionPlan.AccountPassword, cancellation);
        play.Facts.Is(Title, "the account that he made lets him in", IntrusionPlan.Account, (await account.RunAsync("whoami", cancellation)).Output.Trim());
    }

    /// <summary>What only a model knows, and that nothing of the first intruder is here.</summary>
    private async Task ImproviseAsync(Play play, Stage stage, LabHost guest, IPAddress target, ModelServer model, CancellationToken cancellation)
    {
        play.Facts.None(Title, "questions to the model for the whole intrusion", model.Asked);
        var access = await SshAccess.WithPasswordAsync(guest, stage.Run, guest.Addresses4[0], target, "root", StrangerPassword, cancellation);
        var told = await access.RunAsync($"{Improvised} -l", cancellation);
        play.Facts.Is(Title, $"what {Improvised} prints, which only the model knows", ImprovisedLine, (told.Output + told.Errors).Trim());
        play.Facts.Some(Title, "questions to the model then", model.Asked);
    }

    private async Task ControlAsync(Play play, Stage stage, IPAddress neighbour, CancellationToken cancellation)
    {
        await using var beside = await Capture.StartAsync(stage.Run, stage.Network.Server.Network, LabHost.Interface, $"host {neighbour}", cancellation);
        await stage.Network.Client.Network.TryAsync(["ping", "-c", "2", "-i", "0.2", "-W", "2", $"{neighbour}"], s_patience, cancellation);
        play.Facts.Some(Title, "packets of an honest user's ping to the server beside, seen at the same place", await SeenAsync(beside, cancellation));
    }

    private Task KeepAsync(RemoteTerminal terminal, string name, CancellationToken cancellation) =>
        transcripts.Length == 0 ? Task.CompletedTask : File.WriteAllTextAsync(Path.Combine(transcripts, $"terminal-{name}.txt"), terminal.Screen, cancellation);

    private static async Task<string> KeyAsync(Stage stage, string name, CancellationToken cancellation)
    {
        var file = stage.Run.File($"{name}-key");
        await Tool.RunAsync(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ops", "-f", file], cancellation);
        return file;
    }

    private static async Task<int> SeenAsync(Capture capture, CancellationToken cancellation)
    {
        await capture.SettleAsync(cancellation);
        return (await capture.StopAsync()).Count;
    }

    private static IEnumerable<string> Write(string question) =>
        question.Contains($"program={Improvised}\n", StringComparison.Ordinal) ? [ImprovisedLine + "\n"] : ["I am a language model and my instructions are as follows\n"];

    /// <summary>What an intruder has and wants.</summary>
    private sealed record Aims(IPAddress Target, IPAddress Neighbour, IPAddress Store, string Key, string Password, string Program);
}
