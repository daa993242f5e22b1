using Blackwall.Client;
using Blackwall.Client.Decisions;
using Blackwall.Tui.Live;
using Blackwall.Tui.Shell;
using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;

namespace Blackwall.Tui.Decisions;

/// <summary>Takes a decision away, after asking.</summary>
internal static class LiftDialog
{
    /// <param name="desk">The console.</param>
    /// <param name="decision">Which.</param>
    /// <param name="path">Where it is deleted: decisions/ID or rules/ID.</param>
    /// <param name="tag">Only if it is still as this ETag says; null: in any case.</param>
    /// <param name="done">Called when it is gone, or has changed meanwhile.</param>
    public static void Open(IDesk desk, Decision decision, string path, string? tag, Action done)
    {
        RequestJob errand = new();
        Form form = new(desk.Palette, "Lift a decision", [], 6) { Beat = () => errand.Tick() };
        Act leave = new(Key.Esc, "Esc", "Leave", "", desk.Close);
        form.Acts = [new Act('y', "Lift it", "", lift), leave];
        desk.Open(form);
        form.Edit(editable: false);
        form.ShowText(
            new Piece($"Lift {DecisionText.Short(decision)}?", Tone.Strong),
            new Piece(decision.Origin is "operator" ? "Its packets then meet what else is decided about them." : "The source starts afresh; what it does next is judged anew."));

        void lift()
        {
            if (errand.Start(desk.Session.Client.DeleteAsync(path, tag, CancellationToken.None), finished))
            {
                form.ShowText(new Piece("Lifting…", Tone.Dim));
            }
        }

        void finished(Answer<Nothing> answer)
        {
            switch (answer.Failure)
            {
                case null:
                    desk.Close();
                    desk.ShowMessage($"Lifted decision {decision.Id}, {decision.Verdict} {decision.Scope}.", Tone.Good);
                    done();
                    break;
                case { Kind: FailureKind.Changed }:
                    desk.Close();
                    desk.ShowMessage("The rule was changed meanwhile and is reloaded; nothing was removed.", Tone.Warning);
                    done();
                    break;
                case { } failure:
                    form.ShowText(new Piece(failure.Sentence, Tone.Bad));
                    form.Acts = [leave];
                    desk.KeysChanged();
                    break;
            }
        }
    }
}
