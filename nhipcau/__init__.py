"""The rooms of Nhịp Cầu, floor by floor; `docs/architecture.md` draws the house."""
