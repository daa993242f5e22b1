
namespace Blackwall.Tarpit.Http.Front;

/// <summary>A persona's answer on its way through the proxy, which keeps the order and the case of its fields.</summary>
internal sealed class PersonaMessage : HttpResponseMessage
{
    public PersonaMessage(HttpAnswer answer)
        : base((System.Net.HttpStatusCode)answer.Status)
    {
        Answer = answer;
        Content = new ByteArrayContent([]);
    }

    public HttpAnswer Answer { get; }
}
