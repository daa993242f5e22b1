using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Behavior;
using Blackwall.Benchmarks.Detection;
using Blackwall.Classification.Embedded;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Fingerprints;
using Blackwall.Inspection;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Replay;

namespace Blackwall.Benchmarks.Model;

/// <summary>
/// <c>bench model</c>: trains the embedded model on the first family of generators and the Slips captures, and holds it against the rules on families and captures
/// that it was never shown.
/// </summary>
internal static class ModelBench
{
    public const string Usage = "usage: blackwall bench model [--data DIR] [--train FILE] [--write FILE]";

    private const string Begin = "<!-- models: begin -->";
    private const string End = "<!-- models: end -->";

    private static readonly (string Name, Func<int, Tape> Make)[] s_shown =
    [
        ("beacons", Outgoing.Beacons),
        ("ordinary", Outgoing.Ordinary),
        ("scans from inside", Outgoing.Scans),
        ("exfiltration", Outgoing.Exfiltration),
        ("scans", Incoming.Scans),
        ("shared scans", Incoming.Shared),
        ("stealth scans", Incoming.Stealth),
        ("guessing", Incoming.Guessing),
        ("honest", Incoming.Honest),
    ];

    private static readonly (string Name, Func<int, Tape> Make)[] s_unseen =
    [
        ("check-ins", Habits.CheckIns),
        ("guessing in ten protocols", Strangers.Guessing),
        ("programs at login doors", Strangers.Programs),
        ("leaks", Habits.Leaks),
        ("packets and reflection", Strangers.Packets),
    ];

    public static int Run(IReadOnlyList<string> arguments)
    {
        string? data = Environment.GetEnvironmentVariable("BLACKWALL_DATA"), train = null, write = null;
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--data" when value is not null: data = value; break;
                case "--train" when value is not null: train = value; break;
                case "--write" when value is not null: write = value; break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        EmbeddedModel model = EmbeddedModel.Shipped();
        if (train is not null)
        {
            (IReadOnlyList<SubjectScore> shown, string hash) = Training(data);
            Trainer trainer = new();
            trainer.Train(shown);
            string weights = trainer.Write(hash);
            File.WriteAllText(train, weights);
            model = EmbeddedModel.Read(weights, weights);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"trained on {shown.Count} subjects, {shown.Sum(s => s.Rows.Count)} rows"));
            Console.Error.WriteLine($"in the training data: {Line("model", shown, s => s.ModelScore(model), 24)}");
        }

        string table = Table(model, data);
        Console.Out.WriteLine(table);
        if (write is not null)
        {
            string document = File.ReadAllText(write);
            int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
            File.WriteAllText(write, document[..(begin + Begin.Length)] + "\n" + table + "\n" + document[end..]);
        }

        return 0;
    }

    private static (IReadOnlyList<SubjectScore> Subjects, string Hash) Training(string? data)
    {
        List<SubjectScore> shown = [];
        StringBuilder names = new();
        foreach ((string name, Func<int, Tape> make) in s_shown)
        {
            foreach (int seed in new[] { 11, 12 })
            {
                Tape tape = make(seed);
                shown.AddRange(Replay(name, () => tape.ToCapture(), tape.Truths, Inside).Subjects);
                names.Append(CultureInfo.InvariantCulture, $"{name} {seed} {tape.Packets}\n");
            }
        }

        foreach ((string file, _, IReadOnlyList<Truth> truths) in Captures.All.Where(c => c.File.StartsWith("slips/", StringComparison.Ordinal) && Has(data, c.File)))
        {
            shown.AddRange(Replay(file, () => File.OpenRead(Path.Combine(data!, file)), truths, []).Subjects);
            names.Append(CultureInfo.InvariantCulture, $"{file} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(data!, file))))}\n");
        }

        return (shown, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{names}"))));
    }

    private static string Table(EmbeddedModel model, string? data)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Embedded model {model.Version}, trained on data {model.Data[..16]}; {CostOf(model):0.##} us an event on this machine.").AppendLine();
        text.AppendLine("| never trained on | subjects | attackers | hours | judged by | PR-AUC | recall at one false alarm an hour | false alarms then |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        List<SubjectScore> generated = [];
        double hours = 0;
        foreach ((string name, Func<int, Tape> make) in s_unseen)
        {
            Tape tape = make(7919);
            SubjectCollector found = Replay(name, () => tape.ToCapture(), tape.Truths, Inside);
            generated.AddRange(found.Subjects);
            hours += found.Hours;
        }

        Rows(text, "second family of generators", generated, hours, model);
        List<SubjectScore> captured = [];
        hours = 0;
        foreach ((string file, _, IReadOnlyList<Truth> truths) in Captures.All.Where(c => !c.File.StartsWith("slips/", StringComparison.Ordinal) && Has(data, c.File)))
        {
            SubjectCollector found = Replay(file, () => File.OpenRead(Path.Combine(data!, file)), truths, []);
            captured.AddRange(found.Subjects);
            hours += found.Hours;
        }

        if (captured.Any(s => s.IsAttacker))
        {
            Rows(text, "captures of nDPI, Zeek, StopDDoS, FoxIO, Suricata", captured, hours, model);
        }

        return text.ToString().TrimEnd();
    }

    private static void Rows(StringBuilder text, string name, List<SubjectScore> subjects, double hours, EmbeddedModel model)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"| {name} | {subjects.Count} | {subjects.Count(s => s.IsAttacker)} | {hours:0.#} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"{head} rules alone | {Line("", subjects, s => s.RuleScore, hours)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{head} embedded model alone | {Line("", subjects, s => s.ModelScore(model), hours)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{head} rules, then the embedded model | {Line("", subjects, s => s.RuleScore > 0 ? 1 + s.RuleScore : s.ModelScore(model), hours)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{head} language model alone (scripted server) | {Line("", subjects, Scripted, hours)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{head} rules and language model (scripted server) | {Line("", subjects, s => s.RuleScore + Scripted(s), hours)}");
    }

    // The language model is asked about suspicious sources alone; the scripted server says what the kinds of evidence say.
    private static double Scripted(SubjectScore subject) => subject.RuleScore < 0.5 ? 0
        : subject.Rules.Keys.Any(kind => kind.Contains("scan", StringComparison.Ordinal) || kind.Contains("sweep", StringComparison.Ordinal)) ? 0.95
        : subject.Rules.ContainsKey("brute-force") ? 0.92 : 0.4;

    private static string Line(string name, IReadOnlyList<SubjectScore> subjects, Func<SubjectScore, double> score, double hours)
    {
        Ranking ranking = Ranking.Of(subjects.Select(s => (s.IsAttacker, score(s))), hours);
        return string.Create(CultureInfo.InvariantCulture, $"{name}{ranking.Area:0.000} | {ranking.Recall:0.000} | {ranking.False} |");
    }

    // Microseconds to add an event and judge it.
    private static double CostOf(EmbeddedModel model)
    {
        const int Events = 200_000;
        Opener opener = default;
        Span<int> features = stackalloc int[Opener.Features];
        PacketEvent packet = new() { Kind = EventKind.FlowOpen, Direction = FlowDirection.Inbound };
        double best = double.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < Events; i++)
            {
                packet.TimeNanoseconds += 1_000_000;
                packet.LocalPortNetwork++;
                opener.Add(in packet);
                opener.Write(features);
                opener.Percent = model.Judge(features);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds / Events);
        }

        return best;
    }

    private static IReadOnlyList<Prefix> Inside => [Tape.Inside, Prefix.Parse("2001:db8:20::/48")];

    private static bool Has(string? data, string file) => data is not null && File.Exists(Path.Combine(data, file));

    private static SubjectCollector Replay(string name, Func<Stream> open, IReadOnlyList<Truth> truths, IReadOnlyList<Prefix> inside)
    {
        SubjectCollector subjects = new(truths);
        Exception? failure = null;
        long began = Stopwatch.GetTimestamp();

        // A thread of its own, because the wall keeps it on one CPU.
        Thread thread = new(() =>
        {
            try
            {
                ReplayPlan plan = ReplayPlan.From([new BehaviorFeature(), new FingerprintsFeature(), new InspectionFeature()], Defaults());
                plan.Stages.Add(subjects);
                using Stream capture = open();
                using CaptureReplay replay = new(
                    new ReplaySetup { Wall = new WallSettings { Interface = "none", Mode = EnforcementMode.Observe, LogFolder = Path.GetTempPath() }, Plan = plan, Board = new BoardOptions(), Local = inside },
                    subjects);
                replay.Run(capture);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {subjects.Subjects.Count} subjects, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s"));
        return failure is null ? subjects : throw new InvalidOperationException($"{name}: {failure.Message}", failure);
    }

    private static ApplianceConfig Defaults() =>
        ApplianceConfig.TryLoad(CommandLine.TryParse(["--config", "/dev/null"], out _)!, new Hashtable(), FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> errors)
            ?? throw new InvalidOperationException(string.Join(' ', errors));
}
