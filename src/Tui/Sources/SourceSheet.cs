using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Sources;
using Blackwall.Tui.Decisions;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Sources;

/// <summary>What is known of one address, and why its packets meet what they meet.</summary>
internal sealed class SourceSheet : Page
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(2);
    private readonly Sheet _sheet;
    private readonly RequestJob _errand = new();
    private string? _address;
    private Source? _source;
    private DateTimeOffset _read;
    private Failure? _failure;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private int _failures;

    public SourceSheet(IDesk desk)
        : base(desk)
    {
        _sheet = new Sheet(desk.Palette);
        Add(_sheet);
    }

    public override string Name => "Sources";

    public override IReadOnlyList<Act> Acts =>
    [
        new Act('/', "Address", "Asks for the address to look at.", AskAddress),
        new Act('b', "Block", "Blocks the address, with a dry run first.", () => Decide("drop")),
        new Act('a', "Allow", "Allows the address, with a dry run first.", () => Decide("pass")),
        new Act('l', "Lift", "Lifts the decision that wins, after asking.", Lift),
        new Act('r', "Read now", "Asks the appliance again.", () => _due = DateTimeOffset.MinValue),
    ];

    /// <summary>Looks at an address; of a prefix, at its first.</summary>
    public void LookUp(string scope)
    {
        string address = scope.Split('/')[0];
        (_address, _source, _failure, _failures, _due) = (address, null, null, 0, DateTimeOffset.MinValue);
        _sheet.Top = 0;
        if (address.Length != scope.Length)
        {
            Desk.ShowMessage($"{scope} is a prefix; this is its first address.", Tone.Dim);
        }

        Build();
    }

    public override void Opened() => Build();

    public override bool Tick(bool shown, bool news)
    {
        bool answered = _errand.Tick();
        if (shown && _address is { } address && Desk.Session.Time.GetUtcNow() >= _due)
        {
            _errand.Start(Desk.Session.Client.ReadAsync($"sources/{Uri.EscapeDataString(address)}", ClientJson.Default.Source, CancellationToken.None), answer => OnAnswer(address, answer));
        }

        if (shown)
        {
            Build();
        }

        return answered;
    }

    private void OnAnswer(string address, Answer<Source> answer)
    {
        if (!string.Equals(address, _address, StringComparison.Ordinal))
        {
            return;
        }

        DateTimeOffset now = Desk.Session.Time.GetUtcNow();
        _failure = answer.Failure;
        if (answer.Value is { } source)
        {
            (_source, _read, _failures, _due) = (source, now, 0, now + Refresh);
        }
        else
        {
            _due = _failure!.Kind is FailureKind.Refused ? DateTimeOffset.MaxValue : now + Backoff.After(++_failures, _failure);
        }
    }

    /// <summary>Opens a window that asks for an address.</summary>
    public void AskAddress() => TextQuestion.Ask(Desk, "Look at a source", "Address", "", "IPv4 or IPv6", "Look", wanted =>
    {
        if (wanted.Length > 0)
        {
            LookUp(wanted);
        }
    });

    private void Decide(string verdict)
    {
        if (_address is { } address)
        {
            DecideDialog.Create(Desk, "decisions", address, verdict, _ => _due = DateTimeOffset.MinValue);
        }
        else
        {
            AskAddress();
        }
    }

    private void Lift()
    {
        if (_source?.Decision is { } decision)
        {
            LiftDialog.Open(Desk, decision, string.Create(CultureInfo.InvariantCulture, $"decisions/{decision.Id}"), null, () => _due = DateTimeOffset.MinValue);
        }
        else
        {
            Desk.ShowMessage("Nothing is decided about it.", Tone.Dim);
        }
    }

    private void Build()
    {
        int width = Math.Max(20, Viewport.Width);
        if (_address is null)
        {
            _sheet.Show([[], [new Piece(" Press / and name an address, or press Enter on a decision or an event.", Tone.Dim)]]);
            return;
        }

        List<IReadOnlyList<Piece>> rows = [[new Piece($" {_address}", Tone.Heading), new Piece(_source is null ? "" : $"  as of {Figures.Clock(_read)}", Tone.Dim)]];
        if (_failure is { } failure)
        {
            rows.AddRange(Paragraph.Lines(failure.Sentence, Tone.Bad, width));
        }
        else if (_source is null)
        {
            rows.Add([new Piece(" Asking…", Tone.Dim)]);
        }

        if (_source is { } source)
        {
            rows.AddRange(SourceText.Lines(source, Desk.Session.Time.GetUtcNow(), width));
        }

        _sheet.Show(rows);
    }
}
