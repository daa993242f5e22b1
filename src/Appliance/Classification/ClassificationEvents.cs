using Blackwall.Events;

namespace Blackwall.Classification;

/// <summary>What is told of models.</summary>
internal static class ClassificationEvents
{
    public static readonly EventType<Opinion, OpinionBody> Given = EventType.For<Opinion, OpinionBody>("opinion", OpinionBody.From, ClassificationJson.Default.OpinionBody);
}
