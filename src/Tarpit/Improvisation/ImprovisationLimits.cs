namespace Blackwall.Tarpit.Improvisation;

/// <summary>How long a program waits for a model, and how often models are asked.</summary>
/// <param name="FirstLine">Until the first line; a program that waited so long answers without it.</param>
/// <param name="Whole">For the whole answer.</param>
/// <param name="PerVisitor">Questions of one visitor in a minute.</param>
internal sealed record ImprovisationLimits(TimeSpan FirstLine, TimeSpan Whole, int PerVisitor)
{
    public static ImprovisationLimits For(TarpitSettings settings) => new(TimeSpan.FromMilliseconds(settings.ImproviseMilliseconds), TimeSpan.FromSeconds(20), 10);
}
