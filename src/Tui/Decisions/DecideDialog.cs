using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Decisions;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Decisions;

/// <summary>Makes a decision or a rule, or changes a rule: first what the operator wants, then what the appliance says to it, then the deed.</summary>
internal sealed class DecideDialog : Form
{
    private const int NoteRows = 9;
    private readonly IDesk _desk;
    private readonly string _resource;
    private readonly Action<Decision> _done;
    private readonly RequestJob _errand = new();
    private readonly Inputs _inputs;
    private readonly EditedRule? _edited;
    private readonly string? _reason;

    private DecideDialog(IDesk desk, string resource, string title, Inputs inputs, EditedRule? edited, string? reason, Action<Decision> done)
        : base(desk.Palette, title, inputs.Fields(edited is null), NoteRows)
    {
        (_desk, _resource, _inputs, _edited, _reason, _done) = (desk, resource, inputs, edited, reason, done);
        inputs.Scope.ReadOnly = edited is not null;
        Beat = () => _errand.Tick();
    }

    /// <summary>Asks for a new decision.</summary>
    /// <param name="desk">The console.</param>
    /// <param name="resource">decisions or rules.</param>
    /// <param name="scope">To begin with.</param>
    /// <param name="verdict">To begin with.</param>
    /// <param name="done">Told what was decided.</param>
    public static void Create(IDesk desk, string resource, string scope, string verdict, Action<Decision> done)
    {
        DecideDialog dialog = new(desk, resource, resource is "rules" ? "Add a rule" : "Block or allow", Inputs.Create(desk.Palette, scope, verdict, "", ""), null, null, done);
        desk.Open(dialog);
        dialog.BeginEditing([]);
    }

    /// <summary>Asks for changes of a rule as it was just read.</summary>
    public static void Change(IDesk desk, Decision rule, string? tag, Action<Decision> done, string? remark = null)
    {
        string ttl = rule.Expiry is { } end
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)Math.Ceiling((end - desk.Session.Time.GetUtcNow()).TotalSeconds))}s")
            : "";
        Inputs inputs = Inputs.Create(desk.Palette, rule.Scope, rule.Verdict, ttl, rule.Comment ?? "");
        DecideDialog dialog = new(desk, "rules", string.Create(CultureInfo.InvariantCulture, $"Change rule {rule.Id}"), inputs, new EditedRule(rule.Id, tag), rule.Reason, done);
        desk.Open(dialog);
        dialog.BeginEditing(remark is null ? [] : [new Piece(remark, Tone.Warning)]);
        inputs.Verdict.SetFocus();
    }

    private void BeginEditing(IReadOnlyList<Piece> remarks)
    {
        Acts =
        [
            new Act(Key.Enter, "Enter", "Dry run", "", AskForConfirmation),
            new Act(Key.Tab, "Tab", "Next field", "", () => Next(1)),
            new Act(Key.Esc, "Esc", "Leave", "", _desk.Close),
        ];
        Edit(editable: true);
        ShowText(remarks);
        _desk.KeysChanged();
    }

    private void AskForConfirmation()
    {
        if (Draft(out string? error) is not { } draft)
        {
            ShowText(new Piece(error!, Tone.Bad));
            return;
        }

        if (_errand.Start(Task.Run(() => Preview.AskAsync(_desk.Session.Client, _resource, draft, _edited, CancellationToken.None)), preview => Confirm(draft, preview)))
        {
            ShowText(new Piece("Asking the appliance…", Tone.Dim));
        }
    }

    private void Confirm(DecisionDraft draft, Preview preview)
    {
        if (!IsOpen)
        {
            return;
        }

        Act back = new(Key.Esc, "Esc", "Back", "", () => BeginEditing([]));
        if (preview.Refused)
        {
            BeginEditing(preview.Paragraphs);
            return;
        }

        string end = draft.TtlSeconds is { } seconds ? $"for {Figures.Span(TimeSpan.FromSeconds(seconds))}" : "until it is lifted";
        ShowText([.. preview.Paragraphs, new Piece($"{draft.Verdict} {draft.Scope} {end}: do it?", Tone.Strong)]);
        Acts = [new Act('y', "Do it", "", () => Do(draft)), back];
        Edit(editable: false);
        _desk.KeysChanged();
    }

    private void Do(DecisionDraft draft)
    {
        ApplianceClient client = _desk.Session.Client;
        Task<Answer<Decision>> request = client.SendAsync(
            _edited is null ? HttpMethod.Post : HttpMethod.Put,
            _edited?.Path ?? _resource,
            draft,
            ClientJson.Default.DecisionDraft,
            _edited?.Tag,
            ClientJson.Default.Decision,
            CancellationToken.None);
        if (_errand.Start(request, Done))
        {
            ShowText(new Piece("Deciding…", Tone.Dim));
            Acts = [];
        }
    }

    private void Done(Answer<Decision> answer)
    {
        if (answer.Value is { } decision)
        {
            _desk.Close();
            _desk.ShowMessage($"Decided: {DecisionText.Short(decision)}. {(decision.Enforced ? "The wall acts on it." : "The wall does not act on it now.")}", decision.Enforced ? Tone.Good : Tone.Warning);
            _done(decision);
            return;
        }

        if (answer.Failure!.Kind is FailureKind.Changed && _edited is { } edited)
        {
            Reload(edited);
            return;
        }

        BeginEditing([new Piece(answer.Failure.Sentence, Tone.Bad)]);
    }

    /// <summary>Somebody else changed the rule: what they made of it is shown, and nothing of theirs is overwritten unseen.</summary>
    private void Reload(EditedRule edited) => _errand.Start(_desk.Session.Client.ReadAsync(edited.Path, ClientJson.Default.Decision, CancellationToken.None), answer =>
    {
        if (answer.Value is { } rule)
        {
            Change(_desk, rule, answer.Tag, _done, "The rule was changed meanwhile and is reloaded; look at it and change it again.");
        }
        else
        {
            BeginEditing([new Piece(answer.Failure!.Sentence, Tone.Bad)]);
        }
    });

    private DecisionDraft? Draft(out string? error)
    {
        string scope = _inputs.Scope.Text.Trim();
        string ttl = _inputs.Ttl.Text.Trim();
        string comment = _inputs.Comment.Text.Trim();
        long seconds = 0;
        error = scope.Length == 0 ? "Scope: name an address or prefix."
            : ttl.Length > 0 && !Figures.TryTime(ttl, out seconds) ? "Ends after: write 45s, 10m, 1h or 7d, or nothing for no end."
            : null;
        return error is null ? new DecisionDraft(scope, _inputs.Verdict.Word, seconds == 0 ? null : seconds, _reason, comment.Length == 0 ? null : comment) : null;
    }

    private sealed record Inputs(TextField Scope, Choice Verdict, TextField Ttl, TextField Comment)
    {
        public static Inputs Create(Palette palette, string scope, string verdict, string ttl, string comment) =>
            new(TextOf(palette, scope), new Choice(palette, Words.Verdicts, verdict), TextOf(palette, ttl), TextOf(palette, comment));

        public IReadOnlyList<FormField> Fields(bool isNew) =>
        [
            new FormField("Scope", Scope, isNew ? "address or prefix" : "stays as it is"),
            new FormField("Verdict", Verdict, "← → to change"),
            new FormField("Ends after", Ttl, "45s 10m 1h 7d; empty: never"),
            new FormField("Comment", Comment, "for a person"),
        ];
    }
}
