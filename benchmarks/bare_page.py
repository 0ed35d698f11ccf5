"""One selector and one chart of twelve numbers; nothing is asked of any data."""

import plotly.graph_objects as go
import streamlit as st

st.title("Una página con un gráfico")
chosen = st.selectbox("Factor", range(1, 17), key="factor")
figure = go.Figure(go.Bar(x=list(range(12)), y=[month * chosen for month in range(12)]))
st.plotly_chart(figure, key="chart_barras")
