namespace Blackwall.Events;

/// <summary>A kind of event that a feature tells, with how its data is written.</summary>
/// <param name="Name">As clients see it: "decision".</param>
/// <param name="Write">The data of a subject of this kind: JSON in UTF-8.</param>
internal sealed record EventType(string Name, Func<object, byte[]> Write)
{
    /// <summary>A kind whose subjects are all of one type.</summary>
    public static EventType For<TSubject>(string name, Func<TSubject, byte[]> write)
        where TSubject : class => new(name, subject => write((TSubject)subject));
}
