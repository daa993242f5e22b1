using System.Globalization;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Scenes that are played at the same time and told one after the other. Each has to keep to its own addresses.</summary>
public sealed class TogetherScene(string title, params IReadOnlyList<IScene> scenes) : IScene
{
    public string Title => title;

    /// <summary>The scenes in it.</summary>
    public IReadOnlyList<IScene> Scenes => scenes;

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        play.Narrator.Say($"at the same time: {string.Join("; ", scenes.Select(s => s.Title))}");
        var parts = scenes.Select(scene => Part.Begin(scene, play, cancellation)).ToList();
        try
        {
            await Task.WhenAll(parts.Select(p => p.Played));
        }
        finally
        {
            foreach (var part in parts)
            {
                play.Narrator.ReadOut(part.Page.ToString());
                play.Facts.Take(part.Facts);
            }
        }
    }

    private sealed record Part(Task Played, StringWriter Page, FactBook Facts)
    {
        public static Part Begin(IScene scene, Play play, CancellationToken cancellation)
        {
            var page = new StringWriter(CultureInfo.InvariantCulture);
            var narrator = play.Narrator.Apart(page);
            var facts = new FactBook(narrator);
            narrator.Chapter(scene.Title);
            return new Part(Task.Run(() => scene.PlayAsync(play with { Facts = facts, Narrator = narrator }, cancellation), cancellation), page, facts);
        }
    }
}
