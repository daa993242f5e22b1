namespace Blackwall.Lab.Story;

/// <summary>One part of the story: does something on the stage and writes down what it counted.</summary>
public interface IScene
{
    /// <summary>A short heading, and the name its facts go by.</summary>
    string Title { get; }

    Task PlayAsync(Play play, CancellationToken cancellation);
}
