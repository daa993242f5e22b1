namespace Blackwall.Tarpit.MySql;

/// <summary>A statement ends with an error.</summary>
internal sealed class MySqlException(MySqlError error) : Exception(error.Text)
{
    public MySqlError Error { get; } = error;
}
