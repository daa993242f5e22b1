using System.CommandLine;
using System.Globalization;
using System.Text;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Client;
using Blackwall.Client.Decisions;

namespace Blackwall.Cli.Import;

/// <summary>"import": rules from a file of addresses and prefixes, all or nothing unless bad entries are to be skipped.</summary>
internal sealed class ImportVerb : ApiVerb
{
    private const int LargestFile = 48 * 1024 * 1024;

    // The appliance names at most a hundred lines that cannot be read at a time; those that are no address at all are found here before.
    private const int MostRounds = 50;

    private readonly Argument<string> _file = Arg.Text("FILE", "netset (one a line), CSV or JSON; - is standard input");
    private readonly Option<string?> _format = Opt.Word("--format", "F", "what the file is, where it does not show", ImportFile.Formats);
    private readonly Option<string?> _verdict = Opt.Word("--verdict", "V", "what the rules say (drop)", ApiWords.Verdicts);
    private readonly Option<long?> _ttl = Opt.DurationOrNever("--ttl", "how long they stand; without it, or with never, until they are lifted");
    private readonly Option<string?> _reason = Opt.Text("--reason", "WORD", "machine word that lists can be filtered by (import)");
    private readonly Option<string?> _list = Opt.Text("--list", "NAME", "the rules are the list of this name from now on; what it held before and does not any more goes");
    private readonly Option<bool> _skip = Opt.Flag("--skip", "leave out entries that are bad or guarded, name each, and import the others");
    private readonly Option<bool> _force = Opt.Flag("--force", "also pass rules over more than a /8 of IPv4 or a /19 of IPv6");
    private readonly Option<bool> _dry = Opt.Flag("--dry-run", "change nothing, and tell what would change");

    public ImportVerb(Shell shell)
        : base(shell, "import", "make rules from a file: netset, CSV or JSON", VerbGroup.Decide)
    {
        Arguments.Add(_file);
        foreach (Option option in new Option[] { _format, _verdict, _ttl, _reason, _list, _skip, _force, _dry })
        {
            Options.Add(option);
        }
    }

    public override IReadOnlyList<string> More =>
    [
        "All or nothing: one bad or guarded entry and nothing changes, unless --skip is given. A netset has an address or prefix a line, '#' begins a comment. Of CSV the column named address, ip, cidr, scope, prefix, network, source or value is taken, else the first. JSON is an array of strings or of objects with such a member, or an object with that array.",
    ];

    protected override async Task RunAsync(ApiCall call)
    {
        string file = call.Line.GetRequiredValue(_file);
        ImportFile entries = ImportFile.Read(await ReadAsync(file, call.Cancellation), file, call.Line.GetValue(_format));
        bool skip = call.Line.GetValue(_skip);
        int skipped = skip ? entries.SkipUnreadable((place, sentence) => Skipped(call, place, sentence)) : 0;
        for (int round = 0; ; round++)
        {
            if (skip && entries.Count == 0)
            {
                throw new CliException(CliExit.BadFile, $"Every entry of {file} was skipped; nothing was imported.");
            }

            Answer<ImportAnswer> answer = await call.Api.Decisions.ImportAsync(entries.Netset(), Query(call), call.Cancellation);
            if (answer.Failure is not { } failure)
            {
                Tell(call, answer, skipped);
                return;
            }

            List<(int Line, string Sentence)> wrong = Lines(failure.Problem);
            if (wrong.Count == 0)
            {
                throw ApiAnswers.Failed(failure);
            }

            foreach ((int line, string sentence) in wrong)
            {
                Skipped(call, entries.PlaceOf(line), sentence, skip);
                entries.Remove(line);
            }

            skipped += wrong.Count;
            if (!skip || round == MostRounds)
            {
                throw new CliException(CliExit.BadFile, $"Nothing was imported. {(skip ? "Too many entries are bad." : "--skip imports the others.")}");
            }
        }
    }

    private static void Skipped(ApiCall call, string place, string sentence, bool skip = true) =>
        call.Shell.Error.WriteLine(PlainText.Clean($"{place}{(skip ? " skipped" : "")}: {sentence}"));

    private static void Tell(ApiCall call, Answer<ImportAnswer> answer, int skipped)
    {
        if (call.Json)
        {
            call.Output.WriteLine(Encoding.UTF8.GetString(answer.Json.Span));
            return;
        }

        ImportAnswer done = answer.Value!;
        string added = done.Added is { } many ? $", {ApiCall.Number(many)} of them new" : "";
        string removed = done.Removed is > 0 and { } gone ? $"; {ApiCall.Number(gone)} went" : "";
        string left = skipped > 0 ? $"; {ApiCall.Number(skipped)} skipped" : "";
        string acts = done.DryRun ? "" : done.Enforced ? " The wall acts on them." : " The wall does not act on all of them now.";
        call.Say($"{(done.DryRun ? "Would import" : "Imported")} {ApiCall.Number(done.Imported)} rules{added}{removed}{left}.{acts}");
    }

    private string Query(ApiCall call)
    {
        (string Name, string? Value)[] parameters =
        [
            ("verdict", call.Line.GetValue(_verdict)),
            ("ttlSeconds", call.Line.GetValue(_ttl) is > 0 and { } seconds ? ApiCall.Number(seconds) : null),
            ("reason", call.Line.GetValue(_reason)),
            ("list", call.Line.GetValue(_list)),
            ("force", call.Line.GetValue(_force) ? "true" : null),
            ("dryRun", call.Line.GetValue(_dry) ? "true" : null),
        ];
        return string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    // The appliance names an entry "line 7".
    private static List<(int Line, string Sentence)> Lines(Problem? problem)
    {
        List<(int, string)> lines = [];
        foreach ((string name, IReadOnlyList<string> sentences) in problem?.Errors ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))
        {
            if (name.StartsWith("line ", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int line))
            {
                lines.Add((line, string.Join(' ', sentences)));
            }
        }

        lines.Sort();
        return lines;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            await using Stream from = file is "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using MemoryStream all = new();
            byte[] buffer = new byte[64 * 1024];
            for (int read; (read = await from.ReadAsync(buffer, cancellation)) > 0;)
            {
                all.Write(buffer, 0, read);
                if (all.Length > LargestFile)
                {
                    throw new CliException(CliExit.BadFile, $"{file} is larger than 48 MiB; split it into lists (--list).");
                }
            }

            return Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length).TrimStart('\ufeff');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(CliExit.BadFile, $"{file} cannot be read: {failure.Message}");
        }
    }
}
