namespace Blackwall.Tarpit.Improvisation;

/// <summary>What a model is told of a program that the shell does not know: the command and the state of the session, all of the shape of <see cref="CommandShape"/>.</summary>
/// <param name="Program">Name of a program that lies on the machine.</param>
/// <param name="Arguments">As they were given.</param>
/// <param name="Expected">What it may print.</param>
/// <param name="User">Who runs it.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Release">Its distribution.</param>
/// <param name="Kernel">Release of its kernel.</param>
/// <param name="Folder">Working directory.</param>
/// <param name="Names">Names in that folder, the first of them.</param>
public sealed record ImprovisationQuestion(
    string Program,
    IReadOnlyList<string> Arguments,
    OutputClass Expected,
    string User,
    string Host,
    string Release,
    string Kernel,
    string Folder,
    IReadOnlyList<string> Names)
{
    public const int MostArguments = 16;
    public const int MostNames = 20;

    /// <summary>Whether it holds no more than it may; one that came over the channel can hold anything.</summary>
    public bool IsWithinBounds() =>
        Arguments is { Count: <= MostArguments } && Names is { Count: <= MostNames } && Enum.IsDefined(Expected)
        && Names.Concat(Arguments).Append(Program).Append(User).Append(Host).Append(Kernel).All(CommandShape.IsWord)
        && Release is { Length: <= 64 } && Release.All(c => c is >= ' ' and <= '~') && CommandShape.IsPath(Folder);
}
